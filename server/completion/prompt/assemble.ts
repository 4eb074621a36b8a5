import type { PromptPart } from "../../protocol/host.ts";
import type { Family } from "./families.ts";
import { cutForHealing } from "./heal.ts";
import type { LocatedWindow } from "./window.ts";

/** A prompt ready for the engine. */
export interface AssembledPrompt {
  readonly prompt: readonly PromptPart[];
  readonly heal: string;
  /** Length of all its user text, for measuring characters per token. */
  readonly characters: number;
}

/**
 * Builds `{other files} PRE {head} SUF {suffix} MID {middle}` with the middle's tail cut off for
 * healing. User text is always a text part: special tokens spelled in it stay text.
 * @param isNamed the file's own path stands before it even where there are no other files
 */
export function assemble(
  family: Family,
  located: LocatedWindow,
  path: string,
  repositoryName: string,
  isNamed = false,
): AssembledPrompt {
  const { kept, heal } = cutForHealing(located.middle);
  const parts: PromptPart[] = [];
  const ownPath = addRepository(parts, family, located, path, repositoryName, isNamed);
  if (family.middle === undefined) {
    addAll(parts, { special: family.suffix }, { text: located.suffix });
    addAll(parts, { special: family.prefix }, { text: ownPath + located.head + kept });
  } else if (family.anchor.kind === "windowStart") {
    addAll(parts, { special: family.prefix }, { special: family.suffix });
    addAll(parts, { text: located.suffix }, { special: family.middle });
    addAll(parts, { text: ownPath + located.head + kept });
  } else {
    addAll(parts, { special: family.prefix }, { text: ownPath + located.head });
    addAll(parts, { special: family.suffix }, { text: located.suffix });
    addAll(parts, { special: family.middle }, { text: kept });
  }
  const characters = parts.reduce((sum, part) => sum + ("text" in part ? part.text.length : 1), 0);
  return { prompt: parts, heal, characters };
}

/** Puts the other files first; returns what goes before the own file's text, inside its prefix. */
function addRepository(
  parts: PromptPart[],
  family: Family,
  located: LocatedWindow,
  path: string,
  repositoryName: string,
  isNamed: boolean,
): string {
  const format = family.repository;
  if (format === undefined) return "";
  if (located.snippets.length === 0 && !isNamed) return "";
  const { file, separator } = format;
  if (format.repository !== undefined) {
    addAll(parts, { special: format.repository }, { text: repositoryName + separator });
  }
  for (const snippet of located.snippets) {
    addAll(parts, { special: file }, { text: `${snippet.path}\n${snippet.text}${separator}` });
  }
  addAll(parts, { special: file });
  if (format.path === "inPrefix") return `${path}\n`;
  addAll(parts, { text: `${path}\n` });
  return "";
}

function addAll(parts: PromptPart[], ...added: readonly PromptPart[]): void {
  for (const part of added) {
    if (!("text" in part) || part.text !== "") parts.push(part);
  }
}
