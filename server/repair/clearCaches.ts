import { existsSync, lstatSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { HostProcesses } from "../engine/local/hostProcess.ts";
import { readRunFile } from "../state/runFile.ts";
import { listServers } from "../state/serverFiles.ts";
import { refuseForeign } from "./resetPlan.ts";

/** What is younger may be in use this moment. */
const oldMs = 60_000;

export interface ClearCachesOptions {
  readonly homePath: string;
  readonly processes: Pick<HostProcesses, "isHost">;
  /** Forget what was reviewed, too. */
  readonly all: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly userFolder?: string;
}

/**
 * Deletes what is made anew when it is needed, and what dead processes left; says how much that was.
 * @throws CodedError `VALIDATION_ERROR` where the home is no folder of the product's own
 */
export function clearCaches(options: ClearCachesOptions): string {
  const { homePath, processes, all, now, userFolder = homedir() } = options;
  if (existsSync(homePath)) refuseForeign(realpathSync(homePath), userFolder);
  const run = join(homePath, "run");
  const isOld = (path: string): boolean => {
    const status = lstatSync(path, { throwIfNoEntry: false });
    return status !== undefined && now - status.mtimeMs > oldMs;
  };
  const names = namesIn(run);
  const serving = new Set(
    names.filter((name) => {
      const pid = name.endsWith(".json") ? readRunFile(join(run, name))?.pid : undefined;
      return pid !== undefined && processes.isHost(pid);
    }),
  );
  const stale = names.filter((name) => {
    const path = join(run, name);
    if (name.endsWith(".json")) return !serving.has(name) && isOld(path);
    if (name.endsWith(".sock")) return !serving.has(name.replace(/sock$/, "json")) && isOld(path);
    return /(\.lock|\.lock\.owner|\.partial)$|^\.probe-\d+$/.test(name) && isOld(path);
  });
  // Files of servers that are gone are removed by listing those that live.
  listServers(homePath);
  const paths = [
    ...stale.map((name) => join(run, name)),
    ...namesIn(join(homePath, "cache")).map((name) => join(homePath, "cache", name)),
    ...(all ? [join(homePath, "review", "snapshots")] : []),
  ];
  const there = paths.filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  for (const path of there) rmSync(path, { recursive: true, force: true });
  const reviewed = all ? "" : " What was reviewed is kept; --all forgets that, too.";
  if (there.length === 0) return `Nothing was left over.${reviewed}`;
  return `Deleted ${String(there.length)} leftovers.${reviewed}`;
}

/** Names in a folder that is one itself: a link leads elsewhere. */
function namesIn(folder: string): string[] {
  try {
    return lstatSync(folder).isDirectory() ? readdirSync(folder) : [];
  } catch {
    return [];
  }
}
