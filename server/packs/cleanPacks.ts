import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { nativeScope, packsFolderOf, packsRoot } from "../state/packsFolder.ts";
import { processStart } from "../state/processStart.ts";
import { discard } from "../state/writeFailure.ts";
import { namesIn } from "./folderSize.ts";

/** The folder in which a process prepares a package: a home of its own, for the trial. */
export function stagingFolder(homePath: string, pid: number): string {
  return join(packsRoot(homePath), `.install-${String(pid)}`);
}

/** Where what was installed before waits until the new one is in its place. */
export function asideFolder(staging: string): string {
  return join(staging, "before");
}

/** Removes packages for other versions of node-llama-cpp, once this one has its own. Never throws. */
export function removeOtherVersions(homePath: string, version: string): void {
  const root = packsRoot(homePath);
  for (const name of namesIn(root)) {
    if (name !== version && /^\d+\.\d+\.\d+/.test(name)) discard(join(root, name));
  }
}

/**
 * Removes what installations that were killed left, putting back what they had moved away. Never
 * throws.
 */
export function cleanPacks(homePath: string, version: string): void {
  const root = packsRoot(homePath);
  for (const name of namesIn(root)) {
    const pid = /^\.install-(\d+)$/.exec(name)?.[1];
    if (pid === undefined) continue;
    if (Number(pid) !== process.pid && processStart(Number(pid)) !== undefined) continue;
    const aside = asideFolder(join(root, name));
    const folder = join(packsFolderOf(homePath, version), "node_modules", nativeScope);
    for (const part of namesIn(aside)) {
      const place = join(folder, part);
      try {
        if (!existsSync(place)) renameSync(join(aside, part), place);
      } catch {
        // It can be fetched again.
      }
    }
    discard(join(root, name));
  }
}
