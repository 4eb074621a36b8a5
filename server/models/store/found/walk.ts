import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { splitNameOf } from "../splitName.ts";

export interface WalkOptions {
  /** Folders below the first one that are looked into. */
  readonly depth: number;
  readonly signal: AbortSignal;
}

/** More files and folders than this are looked at by nobody. */
const mostEntries = 20_000;

/**
 * The GGUF files below a folder, each with the names of the folders between. Links are followed, a
 * folder once; what cannot be read, or is not there, is left out. Of a split model the first part.
 */
export async function* walkModels(
  folder: string,
  { depth, signal }: WalkOptions,
): AsyncGenerator<{ readonly path: string; readonly below: readonly string[] }> {
  const seen = new Set<string>();
  const open: { path: string; below: string[] }[] = [{ path: folder, below: [] }];
  let entries = 0;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { path, below } = next;
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || seen.has(real)) continue;
    seen.add(real);
    const inside = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of inside) {
      entries += 1;
      if (signal.aborted || entries > mostEntries) return;
      const inner = join(path, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(inner).catch(() => undefined) : entry;
      if (kind?.isDirectory() === true && below.length < depth) {
        open.push({ path: inner, below: [...below, entry.name] });
      } else if (kind?.isFile() === true && isModel(entry.name)) yield { path: inner, below };
    }
  }
}

/** Projectors of images lie beside their models and are none. */
function isModel(name: string): boolean {
  if (!/\.gguf$/i.test(name) || /^mmproj/i.test(name)) return false;
  return (splitNameOf(name)?.part ?? 1) === 1;
}
