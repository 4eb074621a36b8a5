import { cutIntoChunks } from "../../../server/review/chunk.ts";
import type { Syntax } from "../../../server/syntax/syntaxService.ts";
import type { Cut } from "./measureCases.ts";

/** Offsets at which lines start. */
function startsOf(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((found) => found.index + found[0].length)];
}

/** Chunks as the product cuts them; the grammar must have been loaded. */
export function cutLines(syntax: Syntax): Cut {
  return (document, lines) =>
    cutIntoChunks(syntax, document, startsOf(document.text), lines).chunks;
}
