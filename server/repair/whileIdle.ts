import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { HostProcesses } from "../engine/local/hostProcess.ts";
import { takeLaunchLock } from "../engine/local/launchLock.ts";
import { CodedError } from "../protocol/errors.ts";
import { endHosts } from "./endHosts.ts";

/** How long another program may take to start its host. */
const patienceMs = 10_000;

/**
 * Runs `act` while no host of a home runs, and none that ran before is started: servers wait for
 * their launch lock and start theirs afterwards, which is no failure to them.
 * @throws what `act` throws, and CodedError `HOST_HUNG` where a host does not end
 */
export async function whileIdle<Value>(
  homePath: string,
  processes: Pick<HostProcesses, "isHost" | "end">,
  act: () => Promise<Value>,
): Promise<Value> {
  const releases: (() => Promise<void>)[] = [];
  try {
    for (const key of keysOf(homePath)) {
      const release = await take(join(homePath, "run", `${key}.lock`));
      if (release !== undefined) releases.push(release);
    }
    const { left } = await endHosts(homePath, processes);
    if (left.length > 0) throw new CodedError("HOST_HUNG", `Process ${String(left[0]?.pid)}.`);
    return await act();
  } finally {
    for (const release of releases) await release();
  }
}

/** Undefined where another program does not let go of it. */
async function take(path: string): Promise<(() => Promise<void>) | undefined> {
  const limit = performance.now() + patienceMs;
  for (;;) {
    const release = await takeLaunchLock(path);
    if (release !== undefined || performance.now() > limit) return release;
    await delay(100);
  }
}

/** The engine keys of this home: each host that ever ran has left its output, named for its key. */
function keysOf(homePath: string): string[] {
  const names = [...namesIn(join(homePath, "run")), ...namesIn(join(homePath, "logs"))];
  return [
    ...new Set(
      names.flatMap((name) => {
        const stem = basename(name)
          .replace(/^host-/, "")
          .replace(/\.(json|lock|sock|log)$/, "");
        return /^[0-9a-f]{16}$/.test(stem) ? [stem] : [];
      }),
    ),
  ];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
