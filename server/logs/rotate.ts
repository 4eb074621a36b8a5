import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { processStart } from "../state/processStart.ts";

const mebibyte = 1024 * 1024;

/**
 * How large one file may grow, so that each living process's file and the one it has moved aside
 * fit into the total together.
 */
export function fileBytesWithin(totalBytes: number, livingProcesses: number): number {
  const share = totalBytes / (2 * Math.max(1, livingProcesses));
  // A fifth, so that what other processes did stays readable for a while.
  return Math.min(Math.max(Math.min(share, totalBytes / 5), 64 * 1024), 8 * mebibyte);
}

/** What is left of the total when a sweep is due: files grow on until the next one. */
const keptShare = 0.8;

/** Files of processes that have ended pile up, small as they are. */
const maxFiles = 60;

/**
 * Removes the oldest log files, of whatever process, until all fit. Never the file that a living
 * process writes. Says how many processes write. Never throws.
 */
export function sweepLogs(
  folder: string,
  options: {
    readonly keep: string;
    readonly maxTotalBytes: number;
    readonly isAlive?: (pid: number) => boolean;
  },
): { readonly living: number } {
  const { isAlive = (pid: number) => processStart(pid) !== undefined } = options;
  const files = filesIn(folder).map((file) => ({
    ...file,
    current: file.path === options.keep || (file.pid !== undefined && isAlive(file.pid)),
  }));
  const living = files.filter(({ current }) => current).length;
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  let left = files.length;
  const oldestFirst = files.filter(({ current }) => !current).sort((a, b) => a.time - b.time);
  for (const file of oldestFirst) {
    if (bytes <= options.maxTotalBytes * keptShare && left <= maxFiles) break;
    try {
      rmSync(file.path, { force: true });
      bytes -= file.bytes;
      left -= 1;
    } catch {
      // Somebody holds it: the next sweep tries again.
    }
  }
  return { living };
}

interface LogFileEntry {
  readonly path: string;
  readonly bytes: number;
  /** When it was written last, in milliseconds. */
  readonly time: number;
  /** Of the process that writes it; absent where it was moved aside. */
  readonly pid?: number;
}

function filesIn(folder: string): LogFileEntry[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .flatMap((name) => {
        const path = join(folder, name);
        const status = statSync(path, { throwIfNoEntry: false });
        if (status?.isFile() !== true) return [];
        const pid = /-(\d{1,10})\.jsonl$/.exec(name)?.[1];
        const entry = { path, bytes: status.size, time: status.mtimeMs };
        return [pid === undefined ? entry : { ...entry, pid: Number(pid) }];
      });
  } catch {
    return [];
  }
}
