import { watch, type FSWatcher } from "node:fs";

export interface FollowOptions {
  readonly folder: string;
  /** Looks for what is new; is never called while it is still at it. */
  readonly read: () => Promise<void>;
  /** How often is looked without being told; where the system tells nothing, this is the delay. */
  readonly pollMs?: number;
  /** Changes within this time are looked at together. */
  readonly gatherMs?: number;
}

/**
 * Calls `read` when something in the folder changes, and now and then without that: network folders
 * and containers do not always say so, and the folder may not exist yet.
 * @returns Ends it.
 */
export function followLogs(options: FollowOptions): () => void {
  const { folder, pollMs = 1000, gatherMs = 50 } = options;
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isReading = false;
  let isChanged = false;
  let ended = false;

  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    if (ended) return;
    if (isReading) {
      isChanged = true;
      return;
    }
    isReading = true;
    isChanged = false;
    void options
      .read()
      .catch(() => undefined)
      .then(() => {
        isReading = false;
        if (isChanged) lookSoon();
      });
  }

  function lookSoon(): void {
    if (!ended) timer ??= setTimeout(look, gatherMs);
  }

  function listen(): void {
    if (watcher !== undefined || ended) return;
    try {
      const started = watch(folder, lookSoon);
      watcher = started;
      started.on("error", () => {
        started.close();
        if (watcher === started) watcher = undefined;
      });
    } catch {
      // Not there yet, or not watchable: looked at by the clock.
    }
  }

  const poll = setInterval(() => {
    listen();
    look();
  }, pollMs);
  listen();
  look();
  return () => {
    ended = true;
    clearInterval(poll);
    clearTimeout(timer);
    watcher?.close();
  };
}
