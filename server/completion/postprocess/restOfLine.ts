import { unmatchedBrackets } from "../../text/brackets.ts";
import { isWordCharacter } from "../../text/identifiers.ts";
import { currentLine, restOfLine as restOf } from "../../text/lines.ts";
import type { FilterContext } from "./filter.ts";

/** Trims the end of the suggestion that already stands after the cursor: `)` before `)`. */
export function restOfLine(text: string, context: FilterContext): string {
  const rest = restOf(context.after).trimEnd();
  if (rest.trim() === "") return text;
  const lead = rest.length - rest.trimStart().length;
  for (let length = Math.min(rest.length, text.length); length > lead; length--) {
    if (!text.endsWith(rest.slice(0, length))) continue;
    if (isRepeat(text, length, rest, context)) return text.slice(0, text.length - length);
  }
  // The same with the white space before it left out: `a, b)` before ` )`.
  return lead > 0 && text.endsWith(rest.trimStart()) && lead < rest.length
    ? trimmedBy(text, rest.trimStart(), context)
    : text;
}

function trimmedBy(text: string, rest: string, context: FilterContext): string {
  return isRepeat(text, rest.length, rest, context) ? text.slice(0, -rest.length) : text;
}

/** Whether the last `length` characters of the text are meant to be those after the cursor. */
function isRepeat(text: string, length: number, rest: string, context: FilterContext): boolean {
  const from = text.length - length;
  const overlap = text.slice(from);
  // Not half a word of either side.
  if (isWordCharacter(overlap.at(-1)) && isWordCharacter(rest.charAt(length))) return false;
  if (isWordCharacter(overlap.charAt(0)) && isWordCharacter(text.charAt(from - 1))) return false;
  const line = currentLine(context.before);
  if (/[)\]}]/.test(overlap)) {
    const { unopened } = unmatchedBrackets(text, context.languageId);
    return unopened.some((bracket) => bracket.offset >= from);
  }
  if (/^['"`]/.test(overlap)) {
    return ((line + text).split(overlap.charAt(0)).length - 1) % 2 === 0;
  }
  if (overlap.trim() === "") return false;
  return overlap.length === rest.length || /^[;,:]/.test(overlap) || overlap.trim().length > 2;
}
