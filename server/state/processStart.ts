import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process was started, in the system's own words: together with its id it names one process
 * for good. `undefined` where there is no such process; "" where the system does not tell.
 */
export function processStart(pid: number): string | undefined {
  if (!exists(pid)) return undefined;
  if (process.platform === "linux") return linuxStart(pid);
  if (process.platform === "win32") return "";
  try {
    const args = ["-o", "lstart=", "-p", String(pid)];
    return execFileSync("ps", args, { encoding: "utf8", timeout: 2000 }).trim();
  } catch {
    return "";
  }
}

/** Whether there is such a process. Starts none itself: it costs no more than a look. */
export function processRuns(pid: number): boolean {
  return exists(pid) && (process.platform !== "linux" || linuxStart(pid) !== undefined);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}

function linuxStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    // The name in brackets may hold anything; state and start time follow it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Where nobody reaps orphans (containers), a dead one stays visible as a zombie.
    return /^[ZX]/.test(fields[0] ?? "") ? undefined : (fields[19] ?? "");
  } catch {
    return undefined;
  }
}
