import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { modelsFolder } from "./storeFile.ts";

/** What was deleted. */
export interface Freed {
  readonly freedBytes: number;
  readonly files: readonly string[];
}

/**
 * Deletes what is there of a download that nobody runs. Files that cannot be deleted are left.
 */
export function discardDownload(homePath: string, id: string): Freed {
  const folder = join(modelsFolder(homePath), "downloads");
  let freedBytes = 0;
  const files: string[] = [];
  for (const name of namesIn(folder)) {
    if (!isOf(name, id)) continue;
    const path = join(folder, name);
    try {
      const { size, blocks } = statSync(path);
      rmSync(path);
      freedBytes += blocks > 0 ? Math.min(size, blocks * 512) : size;
      files.push(path);
    } catch {
      // Another process deleted it, or holds it.
    }
  }
  return { freedBytes, files };
}

/** Ids may hold dots, so that one may begin with another. */
function isOf(name: string, id: string): boolean {
  if (!name.startsWith(`${id}.`)) return false;
  return /^(?:state\.json|wanted\.json|part\d*(?:\.ranges\.json)?)$/.test(
    name.slice(id.length + 1),
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
