import { watch, type FSWatcher } from "node:fs";

/** Waits for something to change in a folder. */
export interface FolderChanges {
  /** Settles at the next change, and at the latest after so many milliseconds. */
  next(mostMs: number): Promise<void>;
  close(): void;
}

/** Changes since the last wait count, so that none is missed between two. */
export function watchFolder(path: string): FolderChanges {
  let hasChanged = false;
  let wake: () => void = () => undefined;
  let watcher: FSWatcher | undefined;
  const changed = () => {
    hasChanged = true;
    wake();
  };
  try {
    watcher = watch(path, changed);
    watcher.on("error", () => watcher?.close());
  } catch {
    // A file system that tells no changes: it is looked at after a while.
  }
  return {
    async next(mostMs) {
      if (!hasChanged) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, mostMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      hasChanged = false;
    },
    close: () => watcher?.close(),
  };
}
