import { existsSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { processStart } from "../state/processStart.ts";
import { askForRestart, restartWishPath } from "../state/restartAsked.ts";
import { listServers, type ServerEntry } from "../state/serverFiles.ts";

/** How long a server may take to hear that it is to end, and then to end. */
const limits = { hearMs: 3000, endMs: 5000 };

/**
 * Has every language server of a home started anew by its editor, which keeps the documents. One
 * that does not hear it is killed: to its editor that is a crash, and it comes back after that.
 */
export async function restartServers(
  homePath: string,
  { hearMs, endMs } = limits,
): Promise<{ readonly ended: readonly ServerEntry[]; readonly left: readonly ServerEntry[] }> {
  const servers = listServers(homePath).filter(({ pid }) => pid !== process.pid);
  const results = await Promise.all(
    servers.map(async (server) => ({ server, gone: await end(homePath, server, hearMs, endMs) })),
  );
  return {
    ended: results.filter(({ gone }) => gone).map(({ server }) => server),
    left: results.filter(({ gone }) => !gone).map(({ server }) => server),
  };
}

async function end(
  homePath: string,
  { pid }: ServerEntry,
  hearMs: number,
  endMs: number,
): Promise<boolean> {
  const born = processStart(pid);
  const isGone = (): boolean => processStart(pid) !== born;
  const wish = restartWishPath(homePath, pid);
  try {
    askForRestart(homePath, pid);
    const heard = await until(() => isGone() || !existsSync(wish), hearMs);
    if (heard && (await until(isGone, endMs))) return true;
  } catch {
    // The home cannot be written: the process can still be ended.
  } finally {
    rmSync(wish, { force: true });
  }
  for (const name of ["SIGTERM", "SIGKILL"] as const) {
    if (isGone()) return true;
    try {
      process.kill(pid, name);
    } catch {
      // Gone meanwhile, or another user's.
    }
    if (await until(isGone, 2000)) return true;
  }
  return false;
}

async function until(condition: () => boolean, withinMs: number): Promise<boolean> {
  const limit = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > limit) return false;
    await delay(25);
  }
  return true;
}
