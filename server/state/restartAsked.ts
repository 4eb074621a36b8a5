import { existsSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serversFolder } from "./serverFiles.ts";
import { makeFolder } from "./makeFolder.ts";

/*
 * Asking a language server of this home to be started anew. A file rather than a signal: Windows
 * has none that a process could hear.
 */

/** Where the wish lies until the server with this process id has heard it. */
export function restartWishPath(homePath: string, pid: number): string {
  return join(serversFolder(homePath), `${String(pid)}.restart`);
}

/** Asks; the server takes the file away when it has heard. Throws what the system reports. */
export function askForRestart(homePath: string, pid: number): void {
  makeFolder(serversFolder(homePath));
  writeFileSync(restartWishPath(homePath, pid), "", { mode: 0o600 });
}

/**
 * Calls back when this server is asked. Returns what ends that. Where the system reports no changes
 * of the folder, nothing is heard, and who asks ends the process.
 */
export function onRestartAsked(homePath: string, pid: number, listener: () => void): () => void {
  const path = restartWishPath(homePath, pid);
  try {
    makeFolder(serversFolder(homePath));
    // Meant for an earlier process with this id.
    rmSync(path, { force: true });
    const watcher = watch(serversFolder(homePath), { persistent: false }, () => {
      if (!existsSync(path)) return;
      try {
        rmSync(path, { force: true });
      } catch {
        // It is heard all the same; who asks sees this process end.
      }
      listener();
    });
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
