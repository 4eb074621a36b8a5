import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { HostProcesses } from "../engine/local/hostProcess.ts";
import { readRunFile } from "../state/runFile.ts";
import { clearRunFolder } from "./clearRunFolder.ts";

/** A model host that a run file of a home names. */
export interface FoundHost {
  readonly pid: number;
  /** Its engine key, which names its files. */
  readonly key: string;
}

/** The hosts of a home that live. */
export function findHosts(
  homePath: string,
  processes: Pick<HostProcesses, "isHost">,
): readonly FoundHost[] {
  const folder = join(homePath, "run");
  return namesIn(folder).flatMap((name) => {
    const pid = readRunFile(join(folder, name))?.pid;
    return pid !== undefined && processes.isHost(pid)
      ? [{ pid, key: basename(name, ".json") }]
      : [];
  });
}

/** Ends every host of a home: asks, waits, kills. Says which of them are gone, and which are not. */
export async function endHosts(
  homePath: string,
  processes: Pick<HostProcesses, "isHost" | "end">,
): Promise<{ readonly ended: readonly FoundHost[]; readonly left: readonly FoundHost[] }> {
  const hosts = findHosts(homePath, processes);
  await Promise.all(hosts.map(({ pid }) => processes.end(pid)));
  const left = hosts.filter(({ pid }) => processes.isHost(pid));
  const ended = hosts.filter((host) => !left.includes(host));
  // A host that had to be killed could not take its run file away.
  clearRunFolder(homePath, processes);
  return { ended, left };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}
