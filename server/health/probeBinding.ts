import { spawn } from "node:child_process";
import { z } from "zod";
import type { Backend } from "../protocol/host.ts";

const workingSchema = z.object({
  /** What is used when this backend is asked for. */
  backend: z.enum(["cuda", "vulkan", "metal", "cpu"]),
  /** Why that is not what was asked for. */
  fallbackReason: z.string().optional(),
  devices: z.array(z.string()),
  totalBytes: z.number(),
  usedBytes: z.number(),
  version: z.string(),
});

/** What a probe of the native library in a process of its own found. */
export type BindingProbe =
  | ({ readonly kind: "works" } & z.infer<typeof workingSchema>)
  /** `hung`: it did not end, and was ended. */
  | { readonly kind: "missing"; readonly reason: string; readonly hung?: true };

/** A GPU's driver may take its time at first; what takes longer is not coming, when one waits. */
const usualLimitMs = 20_000;

/** Runs in a process of its own: a native library that crashes takes only that one down. */
const probeSource = `
process.execArgv = []; // node-llama-cpp forks a test of its own, which must not run this text
const requested = process.env.STARCODER_PROBE_BACKEND;
const { getLlama, NoBinaryFoundError } = await import("node-llama-cpp");
const open = (gpu) => getLlama({ build: "never", gpu, progressLogs: false, logLevel: "error" });
let fallbackReason;
let llama;
try {
  llama = await open(requested === "cpu" ? false : requested);
  if (llama.gpu === false && requested !== "auto" && requested !== "cpu") {
    fallbackReason = requested + " is not available on this machine.";
  }
} catch (error) {
  if (requested === "cpu") throw error;
  fallbackReason = error instanceof NoBinaryFoundError
    ? "its library is not installed or its driver is missing"
    : String(error?.message ?? error);
  llama = await open(false);
}
const onGpu = llama.gpu !== false;
const memory = onGpu ? await llama.getVramState() : { total: 0, used: 0 };
console.log("probe=" + JSON.stringify({
  backend: llama.gpu || "cpu",
  fallbackReason,
  devices: onGpu ? await llama.getGpuDeviceNames() : [],
  totalBytes: memory.total,
  usedBytes: memory.used,
  version: llama.llamaCppRelease?.release ?? "",
}));
process.exit(0);
`;

/**
 * Loads node-llama-cpp as found from a folder in a child process. Never rejects.
 * @param withinMs how long it may take; what takes longer is ended
 */
export function probeBinding(
  productRoot: string,
  signal: AbortSignal,
  requested: Backend = "auto",
  withinMs = usualLimitMs,
): Promise<BindingProbe> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", probeSource], {
      cwd: productRoot,
      // In an Electron extension host the executable is not Node unless told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", STARCODER_PROBE_BACKEND: requested },
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
      const found = readProbe(output);
      if (found !== undefined) resolve({ kind: "works", ...found });
      else if (hung) {
        const reason = `It was not loaded within ${withinMs / 1000} s.`;
        resolve({ kind: "missing", reason, hung });
      } else resolve({ kind: "missing", reason: reasonOf(complaint, code, ended) });
    });
  });
}

function readProbe(output: string): z.infer<typeof workingSchema> | undefined {
  const text = /^probe=(.*)$/m.exec(output)?.[1];
  if (text === undefined) return undefined;
  try {
    return workingSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function reasonOf(complaint: string, code: number | null, ended: string | null): string {
  const line = complaint.split("\n").find((text) => /\berror\b/i.test(text));
  return line?.trim() ?? `The probe ended with ${ended ?? `code ${code ?? "unknown"}`}.`;
}
