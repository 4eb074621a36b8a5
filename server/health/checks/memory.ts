import type { Check } from "../check.ts";

/** Beside the weights: context, buffers and the process itself. */
const overheadBytes = 300_000_000;

/** The model fits into the memory there is. */
export const memoryCheck: Check = {
  name: "memory",
  title: "Memory",
  async run(world) {
    const model = await world.readModel(world.modelPath).catch(() => undefined);
    const needed = (model?.sizeBytes ?? 0) + overheadBytes;
    const free = world.freeMemoryBytes();
    const total = world.totalMemoryBytes();
    const figures = `about ${gigabytes(needed)} needed, ${gigabytes(free)} of ${gigabytes(total)} free`;
    if (needed > total) {
      return { status: "failed", code: "MEMORY_ERROR", message: `Too little memory: ${figures}.` };
    }
    if (needed > free) {
      return { status: "warning", message: `Memory is short: ${figures}.` };
    }
    return { status: "ok", message: `Enough: ${figures}.` };
  },
};

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
