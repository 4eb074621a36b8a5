import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";

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

/** @param read a file's text; throws where there is none. */
export function readLinuxMemory(read: (path: string) => string): MemoryReading {
  const meminfo = attempt(() => read("/proc/meminfo")) ?? "";
  const field = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(meminfo)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  };
  const machine = {
    availableBytes: field("MemAvailable") ?? freemem(),
    totalBytes: field("MemTotal") ?? totalmem(),
  };
  const container = containerMemory(read, machine.totalBytes);
  const stalled = attempt(() => /some avg10=([\d.]+)/.exec(read("/proc/pressure/memory"))?.[1]);
  return {
    availableBytes: Math.min(machine.availableBytes, container?.availableBytes ?? Infinity),
    totalBytes: Math.min(machine.totalBytes, container?.totalBytes ?? Infinity),
    ...(stalled === undefined ? {} : { stalled: Number(stalled) / 100 }),
  };
}

function containerMemory(
  read: (path: string) => string,
  machineBytes: number,
): MemoryReading | undefined {
  for (const { folder, limit, used, files } of [
    {
      ...{ folder: "/sys/fs/cgroup", limit: "memory.max", used: "memory.current" },
      files: ["inactive_file", "active_file"],
    },
    {
      ...{ folder: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes" },
      ...{ used: "memory.usage_in_bytes", files: ["total_inactive_file", "total_active_file"] },
    },
  ]) {
    const totalBytes = Number(attempt(() => read(`${folder}/${limit}`)));
    // `max`, or a number beyond all memory: no limit.
    if (!(totalBytes > 0 && totalBytes < machineBytes)) continue;
    const usedBytes = Number(attempt(() => read(`${folder}/${used}`)));
    const stat = attempt(() => read(`${folder}/memory.stat`)) ?? "";
    // Copies of files count as used here, though they are given up for whoever needs memory.
    const givenUp = files
      .map((name) => Number(new RegExp(`^${name} (\\d+)`, "m").exec(stat)?.[1] ?? 0))
      .reduce((sum, bytes) => sum + bytes, 0);
    if (!Number.isFinite(usedBytes)) continue;
    return { totalBytes, availableBytes: Math.max(0, totalBytes - usedBytes + givenUp) };
  }
  return undefined;
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

function readText(path: string): string {
  return readFileSync(path, "utf8");
}

function attempt<Value>(get: () => Value): Value | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
