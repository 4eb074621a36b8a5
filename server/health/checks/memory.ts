import type { GgufFile } from "../../models/ggufFile.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Check } from "../check.ts";
import { formatBytes } from "../../protocol/figures.ts";

/** As the host does it: documents being typed in, speculation, background work. */
const sequences = 4;
/** The context that the host takes where none is set, on a CPU and on a GPU. */
const defaultContext = { cpu: 4096, gpu: 8192 };
/** Positions that are computed at once. */
const batch = 512;
/** Node.js and the libraries themselves. */
const processBytes = 120_000_000;

/** Model, cache and buffers fit into the memory that is free. */
export const memoryCheck: Check = {
  name: "memory",
  title: "Memory",
  group: "machine",
  why: "A model that does not fit is not loaded, or the system ends a process.",
  // The probe of the native library has a limit of its own, which is lower.
  timeoutMs: 25_000,
  async run({ system, model, settings, probeBinding, lookAtHosts }) {
    const free = system.freeMemoryBytes();
    const total = system.totalMemoryBytes();
    const there = `${formatBytes(free)} of ${formatBytes(total)} free`;
    const file = await model.read().catch(() => undefined);
    if (file === undefined) {
      return { status: "skipped", message: `What is needed is not known: ${there}.` };
    }
    const probe = await probeBinding();
    const gpu = probe.kind === "works" && probe.backend !== "cpu" ? probe : undefined;
    const need = memoryNeeded(file, settings, gpu === undefined ? "cpu" : "gpu");
    const figures = `about ${formatBytes(need.all)} needed (weights ${formatBytes(need.weights)}, cache for ${sequences} × ${need.context} tokens ${formatBytes(need.cache)}, computing ${formatBytes(need.compute)})`;
    if (gpu !== undefined && need.all < gpu.totalBytes - gpu.usedBytes) {
      const free = formatBytes(gpu.totalBytes - gpu.usedBytes);
      return { status: "ok", message: `${figures}; the GPU has ${free} free; ${there}.` };
    }
    if (need.all > total) {
      return { status: "failed", code: "MEMORY_ERROR", message: `${figures}; ${there}.` };
    }
    const { hosts } = await lookAtHosts();
    const isRunning = hosts.some(({ answer }) => answer.kind === "answers");
    if (need.all > free && !isRunning) {
      return { status: "warning", code: "MEMORY_ERROR", message: `${figures}; ${there}.` };
    }
    return { status: "ok", message: `${figures}; ${there}.` };
  },
};

interface Needed {
  readonly context: number;
  readonly weights: number;
  readonly cache: number;
  readonly compute: number;
  readonly all: number;
}

/** What a host will take for a model, from the file's own description; figures are estimates. */
export function memoryNeeded(file: GgufFile, settings: Settings, on: "cpu" | "gpu"): Needed {
  const of = (key: string): number => {
    const value = file.metadata.get(`${file.architecture}.${key}`);
    return typeof value === "number" ? value : 0;
  };
  const width = of("embedding_length");
  const heads = of("attention.head_count") || 1;
  const keyHeads = of("attention.head_count_kv") || heads;
  const bytesPerValue = settings["model.kvType"] === "q8_0" ? 1.0625 : 2;
  const wanted = settings["model.contextSize"] || defaultContext[on];
  const trained = file.trainContextSize || wanted;
  const context = Math.min(wanted, trained);
  const weights = file.sizeBytes;
  const bytesPerToken = 2 * of("block_count") * (width / heads) * keyHeads * bytesPerValue;
  const cache = bytesPerToken * context * sequences;
  const inner = of("feed_forward_length") || 4 * width;
  const compute = 4 * batch * (file.vocabularySize + inner + 8 * width) + processBytes;
  return { context, weights, cache, compute, all: weights + cache + compute };
}
