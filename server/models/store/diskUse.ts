import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { freeBytesAt } from "../../state/freeBytes.ts";
import { modelsFolder } from "./storeFile.ts";

export interface DiskUse {
  /** What the models of the home take, unfinished downloads included. */
  readonly usedBytes: number;
  /** What is free where they lie; absent where the system does not say. */
  readonly freeBytes?: number;
}

/** Depth of the folders that the product makes there. */
const deepest = 2;
const mostEntries = 10_000;

/** What the models of a home take; folders that cannot be read count as empty. */
export async function diskUse(homePath: string): Promise<DiskUse> {
  const folder = modelsFolder(homePath);
  const [usedBytes, freeBytes] = await Promise.all([
    sizeOf(folder),
    freeBytesAt(folder).catch(() => undefined),
  ]);
  return { usedBytes, ...(freeBytes === undefined ? {} : { freeBytes }) };
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  let entries = 0;
  const open: { path: string; depth: number }[] = [{ path: folder, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, depth } = next;
    const inside = await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of inside) {
      entries += 1;
      if (entries > mostEntries) return bytes;
      const inner = join(path, entry.name);
      if (entry.isDirectory() && depth < deepest) open.push({ path: inner, depth: depth + 1 });
      else if (entry.isFile()) bytes += await allocated(inner);
    }
  }
  return bytes;
}

/** An unfinished download may be a file with holes, which take no space. */
async function allocated(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return 0;
  return /\.part\d*$/.test(path) ? Math.min(found.size, found.blocks * 512) : found.size;
}
