import { watch } from "node:fs";

/**
 * Settles when something in the folder changes, and after `atMostMs` in any case: where a file
 * system reports no changes, waiting becomes polling.
 */
export function waitForChange(folder: string, atMostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = observe(folder, finish);
    const timer = setTimeout(finish, atMostMs);
    function finish(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}

function observe(folder: string, onChange: () => void): () => void {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on("error", () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => undefined;
  }
}
