import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "./jsonFile.ts";
import { processStart } from "./processStart.ts";
import { makeFolder } from "./makeFolder.ts";

/** What a language server says of itself. */
export interface ServerEntry {
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

const schema = z.object({
  pid: z.number().int().positive(),
  version: z.string(),
  startedAt: z.string(),
  /** See `processStart`; tells it from a later process with the same id. */
  processStart: z.string(),
});

/** What tells the process that wrote a file from a later one with the same id. */
type ProcessEntry = Pick<z.infer<typeof schema>, "pid" | "processStart">;

const longestFile = 4096;

/** The folder of `listServers`, under a home. */
export function serversFolder(homePath: string): string {
  return join(homePath, "run", "servers");
}

/**
 * Lets the other programs of this home know of a language server: `run/servers/PID.json`, mode
 * 0600. Returns what takes the file away again. A home that cannot be written costs only that.
 */
export function registerServer(homePath: string, server: ServerEntry): () => void {
  const folder = serversFolder(homePath);
  const path = join(folder, `${String(server.pid)}.json`);
  try {
    makeFolder(folder);
    writeJson(path, { ...server, processStart: processStart(server.pid) ?? "" });
  } catch {
    // Said by whatever else writes the home.
  }
  return () => {
    if (readJson(path, schema, longestFile)?.startedAt !== server.startedAt) return;
    rmSync(path, { force: true });
  };
}

/** The language servers of a home that live, oldest first; files of others are removed. */
export function listServers(homePath: string): ServerEntry[] {
  return livingFiles(serversFolder(homePath), (path) => readJson(path, schema, longestFile))
    .map(({ pid, version, startedAt }) => ({ pid, version, startedAt }))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** The files `PID.json` of a folder whose processes live, as `read` reads them; others are removed. */
export function livingFiles<Entry extends ProcessEntry>(
  folder: string,
  read: (path: string) => Entry | undefined,
): Entry[] {
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    const entry = read(path);
    if (entry !== undefined && name === `${String(entry.pid)}.json` && lives(entry)) return [entry];
    removeQuietly(path);
    return [];
  });
}

function lives(entry: ProcessEntry): boolean {
  const start = processStart(entry.pid);
  if (start === undefined) return false;
  return start === "" || entry.processStart === "" || start === entry.processStart;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {
    // It is looked at again the next time.
  }
}
