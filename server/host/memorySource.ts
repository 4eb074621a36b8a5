import { execFile } from "node:child_process";
import { freemem, totalmem } from "node:os";
import { readMemory, readText, type ReadText } from "../models/fit/availableMemory.ts";

/** How much memory there is to be had, at one moment. */
export interface MemoryReading {
  /** What processes can still get without others being ended: free, and what holds only copies of files. */
  readonly availableBytes: number;
  /** Of the machine, or of the container where that is less. */
  readonly totalBytes: number;
  /** Share of the last ten seconds that some process waited for memory, 0 to 1; where known. */
  readonly stalled?: number;
}

export type MemorySource = () => Promise<MemoryReading>;

/** The memory of this machine, or of the container that this process is in. */
export function systemMemory(platform: NodeJS.Platform = process.platform): MemorySource {
  if (platform === "linux") return () => Promise.resolve(readLinuxMemory(readText));
  if (platform === "darwin") return readMacMemory;
  return () => Promise.resolve({ availableBytes: freemem(), totalBytes: totalmem() });
}

/** Memory by the system's files, with how long processes waited for it. */
export function readLinuxMemory(read: ReadText): MemoryReading {
  const stalled = /some avg10=([\d.]+)/.exec(read("/proc/pressure/memory") ?? "")?.[1];
  return {
    ...readMemory(read),
    ...(stalled === undefined ? {} : { stalled: Number(stalled) / 100 }),
  };
}

/** What macOS calls free is little on a healthy machine: below a gigabyte its own judgement counts. */
async function readMacMemory(): Promise<MemoryReading> {
  const totalBytes = totalmem();
  const availableBytes = freemem();
  if (availableBytes > 2 ** 30) return { availableBytes, totalBytes };
  const level = await new Promise<number>((resolve) => {
    execFile("/usr/sbin/sysctl", ["-n", "kern.memorystatus_vm_pressure_level"], (_, output) => {
      resolve(Number(output));
    });
  });
  // 1: normal, 2: warning, 4: critical.
  return { totalBytes, availableBytes: level >= 4 ? availableBytes : totalBytes / 2 };
}
