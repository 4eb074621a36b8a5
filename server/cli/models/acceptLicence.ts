import { createInterface } from "node:readline/promises";
import { licenceNotAccepted, licenceToAccept } from "../../models/store/licenceTerms.ts";
import { acceptLicence } from "../../models/store/store.ts";
import type { CatalogueEntry, Licence } from "../../protocol/models.ts";

export interface LicenceQuestion {
  readonly homePath: string;
  readonly entry: Pick<CatalogueEntry, "id" | "name" | "licence">;
  /** `--accept-licence` was given. */
  readonly accepted: boolean;
  readonly note: (line: string) => void;
  /** Asks the person at the terminal; undefined where nobody is there. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/**
 * Sees to it that the user agreed to the licence, where it has terms for users. Shown before the
 * download, asked once a model.
 * @throws CodedError `LICENCE_NOT_ACCEPTED`
 */
export async function obtainAcceptance(question: LicenceQuestion): Promise<void> {
  const { homePath, entry, accepted, note, ask } = question;
  const { licence } = entry;
  if (licence === undefined) {
    note(`The licence of ${entry.name} is not known here: see to it that you may use it.`);
    return;
  }
  const open = licenceToAccept(homePath, entry);
  if (open !== undefined || licence.restrictions.length === 0) {
    for (const line of licenceLines(licence)) note(line);
  }
  if (open === undefined) return;
  if (!accepted) {
    if (ask === undefined) throw licenceNotAccepted(entry.name, licence);
    const answer = await ask(`Do you accept the terms of ${licence.name}? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) {
      throw licenceNotAccepted(entry.name, licence);
    }
  }
  await acceptLicence(homePath, entry.id, licence.id);
}

/** Name, address and terms, a line each. */
export function licenceLines({ name, id, url, restrictions }: Licence): string[] {
  const title = name === id ? name : `${name} (${id})`;
  return [`Licence: ${title}, ${url}`, ...restrictions.map((text) => `  - ${text}`)];
}

/** A question on the terminal. Ctrl-C is an empty answer, which is a no. */
export async function askTerminal(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.once("SIGINT", () => lines.close());
  try {
    const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    return await Promise.race([lines.question(question, { signal }).catch(() => ""), closed]);
  } finally {
    lines.close();
  }
}
