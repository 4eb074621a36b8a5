import { spawn } from "node:child_process";
import { z } from "zod";
import { reasonNotLoaded, reasonUnused } from "../protocol/gpus.ts";
import type { Backend } from "../protocol/host.ts";
import { packsHookData, packsHookUrl } from "../state/packsFolder.ts";
import { lookForGpus } from "../state/visibleGpus.ts";

const workingSchema = z.object({
  /** What is used when this backend is asked for. */
  backend: z.enum(["cuda", "vulkan", "metal", "cpu"]),
  /** Why that is not what was asked for, or why a GPU that is there is not used. */
  fallbackReason: z.string().optional(),
  devices: z.array(z.string()),
  totalBytes: z.number(),
  usedBytes: z.number(),
  /** How much of `totalBytes` is the system's own memory. */
  unifiedBytes: z.number().optional(),
  version: z.string(),
  /** Cores that do arithmetic at full speed. */
  mathCores: z.number().optional(),
  /** Bytes a second that one core reads and writes; only where it was asked for. */
  memoryBandwidth: z.number().optional(),
});

/** What the process says: `failed` names what went wrong with the backend that was asked for. */
const saidSchema = workingSchema.omit({ fallbackReason: true }).extend({
  failed: z
    .union([
      z.object({ kind: z.literal("noBinary") }),
      z.object({ kind: z.literal("noDevice"), library: z.string().optional() }),
      z.object({ kind: z.literal("error"), message: z.string() }),
    ])
    .optional(),
});

/** What a probe of the native library in a process of its own found. */
export type BindingProbe =
  | ({ readonly kind: "works" } & z.infer<typeof workingSchema>)
  /** `hung`: it did not end, and was ended. */
  | { readonly kind: "missing"; readonly reason: string; readonly hung?: true };

/** What else a probe looks at. */
export interface ProbeMore {
  /** Of several GPUs only the one with this number. */
  readonly device?: number;
  /** Measures how fast memory is, too: a quarter of a second more, and 200 MB for as long. */
  readonly bandwidth?: boolean;
}

/** A GPU's driver may take its time at first; what takes longer is not coming, when one waits. */
const usualLimitMs = 20_000;

/** Runs in a process of its own: a native library that crashes takes only that one down. */
const probeSource = `
process.execArgv = []; // node-llama-cpp forks a test of its own, which must not run this text
const requested = process.env.STARCODER_PROBE_BACKEND;
const packs = process.env.STARCODER_PROBE_PACKS;
if (packs) {
  const { register } = await import("node:module");
  register(${JSON.stringify(packsHookUrl)}, { data: packs });
}
const { getLlama, NoBinaryFoundError } = await import("node-llama-cpp");
const open = (gpu) => getLlama({ build: "never", gpu, progressLogs: false, logLevel: "error" });
let failed;
let llama;
if (requested !== "cpu") {
  try {
    llama = await open(requested);
    // The Vulkan library loads without a GPU, and has the CPU do the work under its name.
    if (llama.gpu === false) failed = { kind: "noDevice" };
    else if ((await llama.getGpuDeviceNames()).length === 0) {
      failed = { kind: "noDevice", library: llama.gpu };
      await llama.dispose();
      llama = undefined;
    }
  } catch (error) {
    failed = error instanceof NoBinaryFoundError
      ? { kind: "noBinary" }
      : { kind: "error", message: String(error?.message ?? error) };
  }
}
llama ??= await open(false);
const onGpu = llama.gpu !== false;
const memory = onGpu ? await llama.getVramState() : { total: 0, used: 0, unifiedSize: 0 };
function bandwidth() {
  // Larger than the caches of most processors.
  const from = new Uint8Array(96 * 2 ** 20).fill(1);
  const to = new Uint8Array(from.length);
  let best = 0;
  for (let round = 0; round < 4; round++) {
    const before = performance.now();
    to.set(from);
    if (round > 0) best = Math.max(best, (2000 * from.length) / (performance.now() - before));
  }
  return best;
}
console.log("probe=" + JSON.stringify({
  backend: llama.gpu || "cpu",
  failed,
  devices: onGpu ? await llama.getGpuDeviceNames() : [],
  totalBytes: memory.total,
  usedBytes: memory.used,
  unifiedBytes: memory.unifiedSize,
  version: llama.llamaCppRelease?.release ?? "",
  mathCores: llama.cpuMathCores,
  memoryBandwidth: process.env.STARCODER_PROBE_BANDWIDTH ? bandwidth() : undefined,
}));
process.exit(0);
`;

/**
 * Loads node-llama-cpp as found from a folder in a child process. Never rejects.
 * @param withinMs how long it may take; what takes longer is ended
 * @param packsFolder where libraries for GPUs lie that the product lacks; see `findPacksIn`
 */
export function probeBinding(
  productRoot: string,
  signal: AbortSignal,
  requested: Backend = "auto",
  withinMs = usualLimitMs,
  packsFolder?: string,
  more: ProbeMore = {},
): Promise<BindingProbe> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", probeSource], {
      cwd: productRoot,
      // In an Electron extension host the executable is not Node unless told so.
      env: {
        ...process.env,
        ELECTRON_RUN_AS_NODE: "1",
        STARCODER_PROBE_BACKEND: requested,
        STARCODER_PROBE_PACKS: packsFolder === undefined ? "" : packsHookData(packsFolder),
        STARCODER_PROBE_BANDWIDTH: more.bandwidth === true ? "1" : "",
        ...(more.device === undefined ? {} : onlyDevice(more.device)),
      },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, withinMs);
    let output = "";
    let complaint = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-16_000);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-4000);
    });
    child.once("error", ({ message }) => {
      clearTimeout(timer);
      resolve({ kind: "missing", reason: message });
    });
    child.once("close", (code, ended) => {
      clearTimeout(timer);
      const found = readProbe(output, requested);
      if (found !== undefined) resolve({ kind: "works", ...found });
      else if (hung) {
        const reason = `It was not loaded within ${withinMs / 1000} s.`;
        resolve({ kind: "missing", reason, hung });
      } else resolve({ kind: "missing", reason: reasonOf(complaint, code, ended) });
    });
  });
}

/** What the backends take as the list of GPUs to see. */
function onlyDevice(device: number): NodeJS.ProcessEnv {
  const number = String(device);
  return { CUDA_VISIBLE_DEVICES: number, GGML_VK_VISIBLE_DEVICES: number };
}

function readProbe(output: string, requested: Backend): z.infer<typeof workingSchema> | undefined {
  const text = /^probe=(.*)$/m.exec(output)?.[1];
  if (text === undefined) return undefined;
  try {
    const { failed, ...seen } = saidSchema.parse(JSON.parse(text));
    const fallbackReason = failed === undefined ? undefined : explain(failed, requested);
    return { ...seen, ...(fallbackReason === undefined ? {} : { fallbackReason }) };
  } catch {
    return undefined;
  }
}

/** Undefined: nobody asked for a GPU, and there is none. */
function explain(
  failed: NonNullable<z.infer<typeof saidSchema>["failed"]>,
  requested: Backend,
): string | undefined {
  const found = lookForGpus();
  if (failed.kind === "error") return failed.message;
  const library = failed.kind === "noDevice" ? failed.library : undefined;
  if (library === undefined && requested !== "auto") return reasonNotLoaded(requested, found);
  const unused = reasonUnused(found, library);
  if (unused !== undefined || requested === "auto") return unused;
  return `The ${library ?? requested} library was loaded and found no GPU that it can use.`;
}

function reasonOf(complaint: string, code: number | null, ended: string | null): string {
  const line = complaint.split("\n").find((text) => /\berror\b/i.test(text));
  return line?.trim() ?? `The probe ended with ${ended ?? `code ${code ?? "unknown"}`}.`;
}
