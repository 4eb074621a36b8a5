import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import type { BindingProbe } from "../../health/probeBinding.ts";
import type { MachineFacts } from "../../protocol/models.ts";

/** What this machine has, from a probe of the native library. */
export async function machineOf(
  probe: Extract<BindingProbe, { kind: "works" }>,
  homePath: string,
): Promise<MachineFacts> {
  const { backend, fallbackReason, devices, totalBytes, usedBytes } = probe;
  const disk = await statfs(homePath).catch(() => ({ bavail: 0, bsize: 0 }));
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    totalBytes: totalmem(),
    availableBytes: "availableMemory" in process ? process.availableMemory() : freemem(),
    backend,
    ...(fallbackReason === undefined ? {} : { fallbackReason }),
    // The backend counts the memory of all together.
    gpus: devices.map((name) => ({
      name,
      totalBytes: Math.round(totalBytes / devices.length),
      freeBytes: Math.round((totalBytes - usedBytes) / devices.length),
    })),
    diskFreeBytes: disk.bavail * disk.bsize,
  };
}
