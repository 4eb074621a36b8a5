import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** A process list that takes longer than this is not waited for. */
const patienceMs = 1500;

/** Memory that a process holds in RAM; absent where there is no such process or no way to tell. */
export async function residentBytesOf(
  pid: number,
  platform: NodeJS.Platform = process.platform,
): Promise<number | undefined> {
  if (pid === process.pid) return process.memoryUsage.rss();
  if (platform === "win32") return undefined;
  return platform === "linux" ? fromProc(pid) : fromProcessList(pid);
}

async function fromProc(pid: number): Promise<number | undefined> {
  try {
    // Not `statm`: it counts pages, whose size Node does not tell.
    const status = await readFile(`/proc/${String(pid)}/status`, "utf8");
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

function fromProcessList(pid: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const args = ["-o", "rss=", "-p", String(pid)];
    execFile("ps", args, { timeout: patienceMs }, (error, output) => {
      const kilobytes = Number.parseInt(output, 10);
      resolve(error === null && kilobytes > 0 ? kilobytes * 1024 : undefined);
    });
  });
}
