import type { HostHealth } from "../protocol/host.ts";
import type { Now } from "./meter.ts";

/** Memory of the GPUs, as far as it is known. */
export type GpuMemory = NonNullable<HostHealth["gpuMemory"]>;

/** Asking the driver takes time that a decode waits for: so often is enough for people. */
const freshForMs = 3000;

/**
 * What is known of the GPUs' memory, at once. Where that is older than three seconds, it is read
 * anew for the next who asks; undefined until it was read once, and where it cannot be.
 */
export function createGpuMemory(
  read: () => Promise<GpuMemory>,
  now: Now,
): () => GpuMemory | undefined {
  let known: GpuMemory | undefined;
  let readAt = -Infinity;
  let reading = false;

  async function refresh(): Promise<void> {
    reading = true;
    try {
      known = await read();
    } catch {
      // A driver that does not tell, or is gone.
      known = undefined;
    }
    readAt = now();
    reading = false;
  }

  void refresh();
  return () => {
    if (!reading && now() - readAt >= freshForMs) void refresh();
    return known;
  };
}
