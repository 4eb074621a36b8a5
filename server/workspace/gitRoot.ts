import { existsSync } from "node:fs";
import path from "node:path";

/** Finds the folder that holds `.git` at or above a folder; remembers what it found, starts no process. */
export interface GitRoots {
  /** The repository's folder, or undefined outside of one. */
  rootOf(folder: string): string | undefined;
  /** Forgets what was found, after a repository was made or removed. */
  forget(): void;
}

/** Creates the finder. `exists` tells whether a path is there. */
export function createGitRoots(exists: (path: string) => boolean = existsSync): GitRoots {
  const known = new Map<string, string | undefined>();
  function find(folder: string): string | undefined {
    if (known.has(folder)) return known.get(folder);
    const parent = path.dirname(folder);
    let root: string | undefined;
    if (exists(path.join(folder, ".git"))) root = folder;
    else if (parent !== folder) root = find(parent);
    known.set(folder, root);
    return root;
  }
  return { rootOf: (folder) => find(path.resolve(folder)), forget: () => known.clear() };
}
