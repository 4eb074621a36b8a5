import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Bytes of the files in a folder and below; what vanishes meanwhile counts nothing. Links are not followed. */
export function folderSize(folder: string): number {
  let bytes = 0;
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) bytes += folderSize(path);
    else bytes += status?.size ?? 0;
  }
  return bytes;
}

/** Names in a folder; none where there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
