import type { CodedError } from "../../protocol/errors.ts";
import type { CatalogueEntry } from "../../protocol/models.ts";
import { toModelId } from "../store/modelId.ts";
import { shippedEntries } from "./shippedEntries.ts";
import { changeUserEntries, readUserEntries } from "./userEntries.ts";

export interface Catalogue {
  /** Those of the product, then those the user added; each id once. */
  readonly entries: CatalogueEntry[];
  /** Ids of those the user added. */
  readonly added: string[];
  /** Why the user's are not all there: `CATALOGUE_INVALID`. */
  readonly problem?: CodedError;
}

/** The models there are to choose from. Reads one small file; never throws. */
export function loadCatalogue(homePath: string): Catalogue {
  const { entries, problem } = readUserEntries(homePath);
  const users = withOwnIds(entries);
  return {
    entries: [...shippedEntries(), ...users],
    added: idsOf(users),
    ...(problem === undefined ? {} : { problem }),
  };
}

/**
 * Adds an entry; one with the same source is replaced. An id that is taken gets a number.
 * @returns the entry as it is listed
 * @throws CodedError CATALOGUE_INVALID where the file cannot be read, HOME_NOT_WRITABLE
 */
export async function addEntry(homePath: string, entry: CatalogueEntry): Promise<CatalogueEntry> {
  let added = entry;
  await changeUserEntries(homePath, (before) => {
    const others = withOwnIds(before).filter((other) => !sameSource(other, entry));
    added = { ...entry, id: toModelId(entry.id, idsOf([...shippedEntries(), ...others])) };
    return [...others, added];
  });
  return added;
}

/**
 * Takes away an entry that the user added; its file stays.
 * @returns the entry, or undefined where the user added none of this id
 * @throws CodedError CATALOGUE_INVALID where the file cannot be read, HOME_NOT_WRITABLE
 */
export async function removeEntry(
  homePath: string,
  id: string,
): Promise<CatalogueEntry | undefined> {
  if (!loadCatalogue(homePath).added.includes(id)) return undefined;
  let removed: CatalogueEntry | undefined;
  await changeUserEntries(homePath, (before) => {
    const listed = withOwnIds(before);
    removed = listed.find((entry) => entry.id === id);
    return listed.filter((entry) => entry.id !== id);
  });
  return removed;
}

/** A later version of the product may ship a model under an id that the user has given. */
function withOwnIds(entries: readonly CatalogueEntry[]): CatalogueEntry[] {
  const taken = idsOf(shippedEntries());
  return entries.map((entry) => {
    const id = toModelId(entry.id, taken);
    taken.push(id);
    return { ...entry, id };
  });
}

function idsOf(entries: readonly CatalogueEntry[]): string[] {
  return entries.map(({ id }) => id);
}

function sameSource(left: CatalogueEntry, right: CatalogueEntry): boolean {
  return JSON.stringify(left.source) === JSON.stringify(right.source);
}
