import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { askDownload } from "../download/askDownload.ts";
import { downloadsFolder } from "../download/places.ts";

/** What was deleted. */
export interface Freed {
  readonly freedBytes: number;
  /** Those that held bytes of a model. */
  readonly files: readonly string[];
}

/**
 * Gives up a download, whoever runs it, and deletes what is there of it. Files that cannot be
 * deleted are left.
 */
export async function discardDownload(homePath: string, id: string): Promise<Freed> {
  const folder = downloadsFolder(homePath);
  const names = namesIn(folder).filter((name) => isOf(name, id));
  if (names.length === 0) return { freedBytes: 0, files: [] };
  const parts = names.filter((name) => /\.part\d*$/.test(name)).map((name) => join(folder, name));
  const sizes = parts.map(sizeOf);
  await askDownload(homePath, id, "cancel");
  for (const name of names) rmSync(join(folder, name), { force: true });
  return { freedBytes: sizes.reduce((sum, size) => sum + size, 0), files: parts };
}

/** Ids may hold dots, so that one may begin with another. */
function isOf(name: string, id: string): boolean {
  if (!name.startsWith(`${id}.`)) return false;
  const rest = name.slice(id.length + 1);
  return /^(?:state\.json|wanted\.json|part\d*(?:\.ranges\.json)?)$/.test(rest);
}

/** An unfinished file has holes, which take no space. */
function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  return found.blocks > 0 ? Math.min(found.size, found.blocks * 512) : found.size;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
