import { readFileSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { posix } from "node:path";

/** The system's files as far as memory follows from them; undefined for one that cannot be read. */
export type ReadText = (path: string) => string | undefined;

export interface SystemMemory {
  /** Limits of containers included. */
  readonly totalBytes: number;
  /** What programs can still take: caches of files give way. */
  readonly availableBytes: number;
}

/**
 * Memory that this process can have: the system's, or what the containers that it is in leave of it
 * (control groups of version 2 and 1, each with those around it). Node's own figure counts cached
 * files of a container as used, of which a loaded model consists.
 */
export function readMemory(read: ReadText = readText): SystemMemory {
  const meminfo = read("/proc/meminfo") ?? "";
  const bytesOf = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(meminfo)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  };
  let memory = {
    totalBytes: bytesOf("MemTotal") ?? totalmem(),
    availableBytes: bytesOf("MemAvailable") ?? systemAvailable(),
  };
  for (const { limit, used } of limitsOf(read)) {
    memory = {
      totalBytes: Math.min(memory.totalBytes, limit),
      availableBytes: Math.min(memory.availableBytes, Math.max(0, limit - used)),
    };
  }
  return memory;
}

/** A file of the system, as `ReadText` has it. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function systemAvailable(): number {
  // Node 20 before 20.13 has no such function.
  return "availableMemory" in process ? process.availableMemory() : freemem();
}

interface Limit {
  readonly limit: number;
  /** Without what can be given up. */
  readonly used: number;
}

function* limitsOf(read: ReadText): Generator<Limit> {
  for (const line of (read("/proc/self/cgroup") ?? "").split("\n")) {
    const [, controllers = "", path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) continue;
    if (controllers === "") yield* limitsAbove("/sys/fs/cgroup", path, versionTwo, read);
    else if (controllers.split(",").includes("memory")) {
      yield* limitsAbove("/sys/fs/cgroup/memory", path, versionOne, read);
    }
  }
}

interface Names {
  readonly limit: string;
  readonly used: string;
  /** Lines of `memory.stat`: copies of files, which are given up for whoever needs memory. */
  readonly reclaimable: readonly string[];
}
const versionTwo: Names = {
  limit: "memory.max",
  used: "memory.current",
  reclaimable: ["inactive_file", "active_file"],
};
const versionOne: Names = {
  limit: "memory.limit_in_bytes",
  used: "memory.usage_in_bytes",
  reclaimable: ["total_inactive_file", "total_active_file"],
};
/** Version 1 says no limit by a number near 2^63. */
const noLimit = 2 ** 60;

/** Of the group and those around it; in a container the path may not exist, and its own is the root. */
function* limitsAbove(root: string, path: string, names: Names, read: ReadText): Generator<Limit> {
  for (let group = posix.normalize(path); ; group = posix.dirname(group)) {
    const folder = posix.join(root, group);
    const number = (name: string) => Number((read(posix.join(folder, name)) ?? "").trim() || NaN);
    const [limit, used] = [number(names.limit), number(names.used)];
    if (limit < noLimit && used >= 0) {
      const stat = read(posix.join(folder, "memory.stat")) ?? "";
      const givenUp = names.reclaimable
        .map((name) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1] ?? 0))
        .reduce((sum, bytes) => sum + bytes, 0);
      yield { limit, used: used - givenUp };
    }
    if (group === "/" || group === ".") return;
  }
}
