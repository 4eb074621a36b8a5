import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a private folder (mode 0700) with those above it, where they are missing. One at a time:
 * Node's own recursive way never returns where a file system refuses new folders with ENOENT, as
 * `/proc` does.
 * @throws what the system says
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw thrown;
  }
}
