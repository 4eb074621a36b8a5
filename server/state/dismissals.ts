import { join } from "node:path";
import { z } from "zod";
import { CodedError } from "../protocol/errors.ts";
import { withFileLock } from "./fileLock.ts";
import { readJson, writeJson } from "./jsonFile.ts";
import { makeFolder } from "./makeFolder.ts";

/** Findings that were dismissed, in one file of the home that several servers write. */
export interface Dismissals {
  /** Fingerprints dismissed in files of this name; what other servers wrote until now included. */
  of(fileName: string): ReadonlySet<string>;
  /** Settles when it is on disk. Rejects with `HOME_NOT_WRITABLE`. */
  add(fileName: string, fingerprints: readonly string[]): Promise<void>;
  /** Forgets all. Rejects with `HOME_NOT_WRITABLE`. */
  clear(): Promise<void>;
}

/** Dismissals that are kept; the oldest go first. */
const most = 5000;
/** Bytes; a longer file is read as none. */
export const longestDismissals = 2_000_000;

export const dismissalsSchema = z.object({
  version: z.literal(1),
  /** The oldest first; no source text: a fingerprint is a hash. */
  dismissed: z.array(z.object({ file: z.string(), fingerprint: z.string() })),
});
type Dismissed = z.infer<typeof dismissalsSchema>["dismissed"];

/** Creates the view of `dismissed.json` in a home. Nothing is written before something is dismissed. */
export function createDismissals(homePath: string): Dismissals {
  const folder = join(homePath, "review");
  const path = join(folder, "dismissed.json");
  // Where the disk refuses, this process at least keeps its word.
  let unsaved: Dismissed = [];

  const read = (): Dismissed =>
    readJson(path, dismissalsSchema, longestDismissals)?.dismissed ?? [];

  async function change(edit: (dismissed: Dismissed) => Dismissed): Promise<void> {
    try {
      makeFolder(folder);
      await withFileLock(path, () =>
        writeJson(path, { version: 1, dismissed: edit(read()).slice(-most) }),
      );
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new CodedError("HOME_NOT_WRITABLE", `${path}: ${reason}`, thrown);
    }
  }

  return {
    of(fileName) {
      const own = [...read(), ...unsaved].filter(({ file }) => file === fileName);
      return new Set(own.map(({ fingerprint }) => fingerprint));
    },
    async add(fileName, fingerprints) {
      const added = fingerprints.map((fingerprint) => ({ file: fileName, fingerprint }));
      const isNew = (old: Dismissed[number]) =>
        !added.some((each) => each.file === old.file && each.fingerprint === old.fingerprint);
      unsaved = [...unsaved, ...added].slice(-most);
      await change((old) => [...old.filter(isNew), ...added]);
      unsaved = unsaved.filter(isNew);
    },
    async clear() {
      unsaved = [];
      await change(() => []);
    },
  };
}
