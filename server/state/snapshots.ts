import { createHash } from "node:crypto";
import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "./jsonFile.ts";
import { makeFolder } from "./makeFolder.ts";

const schema = z.object({
  version: z.literal(1),
  /** Hash of each line as it was reviewed; 0: not reviewed yet, or found wanting. No source text. */
  lines: z.array(z.number()),
  /** Lines `[start, end)` that were looked at, which the score is about. */
  looked: z.array(z.object({ start: z.number(), end: z.number() })),
  score: z.number().optional(),
});
type Snapshot = Omit<z.infer<typeof schema>, "version">;

/** How documents were when they were last reviewed, one small file each in the home. */
export interface Snapshots {
  read(uri: string): Snapshot | undefined;
  /** Does nothing where the home cannot be written: the next review is only larger. */
  write(uri: string, snapshot: Snapshot): void;
  rename(from: string, to: string): void;
}

/** Snapshots that are kept; the ones written longest ago go first. */
const most = 500;
const longestFile = 2_000_000;

/** Creates the view of the folder `review/snapshots` in a home. */
export function createSnapshots(homePath: string, keep = most): Snapshots {
  const folder = join(homePath, "review", "snapshots");
  // The name of a document must not be told by a listing, and must fit a file's name.
  const pathOf = (uri: string) =>
    join(folder, `${createHash("sha256").update(uri).digest("hex").slice(0, 32)}.json`);
  let untilPruned = 0;

  return {
    read: (uri) => readJson(pathOf(uri), schema, longestFile),
    write(uri, snapshot) {
      try {
        makeFolder(folder);
        writeJson(pathOf(uri), { version: 1, ...snapshot });
        if (untilPruned-- <= 0) {
          prune(folder, keep);
          untilPruned = Math.ceil(keep / 10);
        }
      } catch {
        // Said by whatever else writes the home.
      }
    },
    rename(from, to) {
      try {
        renameSync(pathOf(from), pathOf(to));
      } catch {
        // It was never reviewed.
      }
    },
  };
}

function prune(folder: string, keep: number): void {
  const files = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return { path, writtenAt: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  files.sort((a, b) => b.writtenAt - a.writtenAt);
  for (const { path } of files.slice(keep)) rmSync(path, { force: true });
}
