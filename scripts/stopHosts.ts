import { readdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readRunFile } from "../server/state/runFile.ts";

const limitMs = 5_000;

/** Ends every model host that has a run file under this home, and waits until they are gone. */
export async function stopHosts(home: string): Promise<void> {
  const pids = await hostsOf(home);
  for (const pid of pids) signal(pid, "SIGTERM");
  const deadline = Date.now() + limitMs;
  while (pids.some((pid) => signal(pid, 0))) {
    if (Date.now() > deadline) {
      for (const pid of pids) signal(pid, "SIGKILL");
      return;
    }
    await delay(25);
  }
}

/** The process ids in the run files under a home. */
export async function hostsOf(home: string): Promise<readonly number[]> {
  const folder = path.join(home, "run");
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".json"))
    .map((name) => readRunFile(path.join(folder, name))?.pid)
    .filter((pid) => pid !== undefined);
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
