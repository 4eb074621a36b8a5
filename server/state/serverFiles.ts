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
  const folder = serversFolder(homePath);
  const living: ServerEntry[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const entry = readJson(path, schema, longestFile);
    if (entry !== undefined && name === `${String(entry.pid)}.json` && lives(entry)) {
      const { pid, version, startedAt } = entry;
      living.push({ pid, version, startedAt });
    } else {
      removeQuietly(path);
    }
  }
  return living.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

function lives(entry: z.infer<typeof schema>): boolean {
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
