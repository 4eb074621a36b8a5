import { setTimeout as delay } from "node:timers/promises";
import lockfile from "proper-lockfile";

const options = {
  realpath: false,
  stale: 2000,
  update: 1000,
  // Another took it over since this process stood still: the file is whole all the same.
  onCompromised: () => undefined,
} as const;

/**
 * Runs `act` while no other process does the same for this file, whose folder must exist. Waits for
 * others a little: each needs milliseconds.
 * @throws what `act` throws, and what the system reports where no lock can be had
 */
export async function withFileLock<Value>(path: string, act: () => Value): Promise<Value> {
  for (let attempt = 0; ; attempt++) {
    try {
      const release = await lockfile.lock(path, { ...options, lockfilePath: `${path}.lock` });
      try {
        return act();
      } finally {
        await release().catch(() => undefined);
      }
    } catch (thrown) {
      if (!isHeld(thrown) || attempt >= 100) throw thrown;
      await delay(20 + 10 * (attempt % 5));
    }
  }
}

/** The same at the end of a process, when nothing can be awaited; gives up after 200 ms. */
export function withFileLockAtExit<Value>(path: string, act: () => Value): Value {
  for (let attempt = 0; ; attempt++) {
    try {
      const release = lockfile.lockSync(path, { ...options, lockfilePath: `${path}.lock` });
      try {
        return act();
      } finally {
        release();
      }
    } catch (thrown) {
      if (!isHeld(thrown) || attempt >= 10) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function isHeld(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ELOCKED";
}
