import { previousLine } from "../../text/lines.ts";
import { loopStart } from "../stop/loop.ts";
import type { FilterContext } from "./filter.ts";

const LONGEST_UNIT = 40;
/** Rounds of the same characters that make a loop; a list of three equal arguments is sound code. */
const ROUNDS = 4;
const LONGEST_RULER = 120;
/** A line shorter than this may well be there twice in a row. */
const TRIVIAL_LINE = 8;

/** Cuts loops: of lines, of the same few characters, and a line that repeats the one above it. */
export function repetition(text: string, context: FilterContext): string {
  return repeatsLineAbove(text, context) ? "" : loopOfCharacters(loopOfLines(text));
}

function loopOfLines(text: string): string {
  const lines = text.split("\n");
  let read = "";
  for (const line of lines) {
    read += `${line}\n`;
    const start = loopStart(read);
    if (start !== undefined) return text.slice(0, start);
  }
  return text;
}

/** Cuts after the first round where the text ends in the same unit several times in a row. */
function loopOfCharacters(text: string): string {
  for (let unit = 1; unit <= LONGEST_UNIT && unit * ROUNDS <= text.length; unit++) {
    const piece = text.slice(text.length - unit);
    let start = text.length - unit;
    while (start >= unit && text.slice(start - unit, start) === piece) start -= unit;
    const rounds = (text.length - start) / unit;
    if (!/[\p{L}\p{N}]/u.test(piece)) {
      // `----` and `);` closing many levels are sound; a ruler that never ends is not.
      if (text.length - start > LONGEST_RULER) return text.slice(0, start + unit).trimEnd();
    } else if (unit > 2 && rounds >= ROUNDS) {
      // The first round may lack the space that separates the others.
      const head = text.slice(0, start);
      return head.endsWith(piece.trimStart()) ? head : text.slice(0, start + unit).trimEnd();
    }
    if (unit <= 2 && /[\p{L}\p{N}]/u.test(piece) && rounds >= ROUNDS * 4)
      return text.slice(0, start + unit);
  }
  return text;
}

function repeatsLineAbove(text: string, { before }: FilterContext): boolean {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (line.trim() !== "") return false;
  const first = /^\s*([^\n]*)/.exec(text)?.[1]?.trim() ?? "";
  return first.length >= TRIVIAL_LINE && first === previousLine(before)?.trim();
}
