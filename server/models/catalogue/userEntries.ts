import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CodedError } from "../../protocol/errors.ts";
import { catalogueEntrySchema, type CatalogueEntry } from "../../protocol/models.ts";
import { withFileLock } from "../../state/fileLock.ts";
import { writeJson } from "../../state/jsonFile.ts";
import { makeFolder } from "../../state/makeFolder.ts";

/*
 * What the user added, in `catalogue.json` of the home. Somebody may have written the file by hand:
 * one entry that is wrong does not hide the others, and a file that cannot be read is never
 * overwritten.
 */

/** Thousands of entries. */
export const longestUserCatalogue = 4 * 1024 * 1024;

const fileSchema = z.object({ version: z.literal(1), entries: z.array(z.unknown()) });

export interface UserEntries {
  readonly entries: CatalogueEntry[];
  /** What of the file cannot be used: `CATALOGUE_INVALID`. */
  readonly problem?: CodedError;
}

/** Never throws. */
export function readUserEntries(homePath: string): UserEntries {
  const path = pathOf(homePath);
  let read: unknown;
  try {
    if (statSync(path).size > longestUserCatalogue) return damaged(path, "It is too large.");
    read = JSON.parse(readFileSync(path, "utf8"));
  } catch (thrown) {
    if (isMissing(thrown)) return { entries: [] };
    return damaged(path, thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
  const file = fileSchema.safeParse(read);
  if (!file.success) return damaged(path, "It is not of version 1.");
  const entries: CatalogueEntry[] = [];
  let wrong: string | undefined;
  for (const [index, value] of file.data.entries.entries()) {
    const parsed = catalogueEntrySchema.safeParse(value);
    // There is one bundled model, and it is not the user's.
    if (parsed.success && parsed.data.source.kind !== "bundled") entries.push(parsed.data);
    else {
      const place = parsed.error?.issues[0]?.path.join(".") ?? "source";
      wrong ??= `Its entry ${String(index + 1)} is wrong at ${place}.`;
    }
  }
  return { ...(wrong === undefined ? {} : damaged(path, wrong)), entries };
}

/**
 * Changes the entries while no other process does.
 * @throws CodedError CATALOGUE_INVALID where the file cannot be read, HOME_NOT_WRITABLE
 */
export async function changeUserEntries(
  homePath: string,
  change: (entries: readonly CatalogueEntry[]) => readonly CatalogueEntry[],
): Promise<void> {
  const path = pathOf(homePath);
  try {
    makeFolder(homePath);
    await withFileLock(path, () => {
      const { entries, problem } = readUserEntries(homePath);
      if (problem !== undefined) throw problem;
      writeJson(path, { version: 1, entries: change(entries) });
    });
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("HOME_NOT_WRITABLE", `${path}: ${reason}`, thrown);
  }
}

function pathOf(homePath: string): string {
  return join(homePath, "catalogue.json");
}

function damaged(path: string, reason: string, cause?: unknown): UserEntries {
  return { entries: [], problem: new CodedError("CATALOGUE_INVALID", `${path}: ${reason}`, cause) };
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
