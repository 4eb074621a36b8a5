import { isWordCharacter } from "../../text/identifiers.ts";
import { safeOffset } from "../../text/safeCut.ts";
import type { ShownToken } from "./features.ts";

/** Fewest characters, white space aside, that a shortened suggestion must have to be worth showing. */
const LEAST_SHOWN = 3;

/**
 * The parts of a line that may be shown instead of all of it, longest first: they end where a token ends and
 * split no word and no grapheme.
 */
export function partsOf(line: string, tokens: readonly ShownToken[]): string[] {
  if (line.includes("\r\n")) {
    return partsOf(line.replaceAll("\r\n", "\n"), tokens).map((p) => p.replaceAll("\n", "\r\n"));
  }
  const raw = tokens.map((token) => token.text).join("");
  const start = Math.max(0, raw.indexOf(line));
  const parts: string[] = [];
  let offset = -start;
  for (const token of tokens) {
    offset += token.text.length;
    if (offset <= 0) continue;
    if (offset >= line.length) break;
    const inWord = isWordCharacter(line.charAt(offset - 1)) && isWordCharacter(line.charAt(offset));
    if (inWord || safeOffset(line, offset) !== offset) continue;
    const part = line.slice(0, offset).trimEnd();
    if (part !== parts.at(-1) && part.replace(/\s/g, "").length >= LEAST_SHOWN) parts.push(part);
  }
  return parts.reverse();
}
