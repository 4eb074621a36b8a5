import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HostProcesses } from "../engine/local/hostProcess.ts";
import { readRunFile } from "../state/runFile.ts";

/** The name of a host's run file or lock is its engine key. */
const hostFile = /^[0-9a-f]{16}\.(json|lock)$/;

/** The holder of a lock touches it every second. */
const leftOverMs = 10_000;

/** Removes what hosts that are gone left in a home: run files and locks. Never throws. */
export function clearRunFolder(homePath: string, processes: Pick<HostProcesses, "isHost">): void {
  const folder = join(homePath, "run");
  try {
    for (const name of readdirSync(folder).filter((file) => hostFile.test(file))) {
      const path = join(folder, name);
      const { mtimeMs } = statSync(path);
      const pid = readRunFile(path)?.pid;
      const isLeft = pid === undefined ? Date.now() - mtimeMs > leftOverMs : !processes.isHost(pid);
      if (isLeft) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // Someone else was quicker, or it may not be done: what is left is said by the doctor.
  }
}
