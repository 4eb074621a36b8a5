import { windowAfter } from "../../text/lines.ts";
import type { FilterContext } from "./filter.ts";

const LOOKAHEAD = 12;

/** Cuts from where the suggestion starts to repeat the lines that already follow the cursor's line. */
export function followingLines(text: string, context: FilterContext): string {
  const head = context.after.indexOf("\n");
  if (head < 0) return text;
  const following = windowAfter(context.after.slice(head + 1), LOOKAHEAD, 2000)
    .split("\n")
    .filter((line) => line.trim() !== "");
  if (following.length === 0) return text;
  const lines = text.split("\n");
  const onBlankLine =
    /(^|\n)[ \t]*$/.test(context.before) && context.after.slice(0, head).trim() === "";
  for (let i = onBlankLine ? 0 : 1; i < lines.length; i++) {
    const own = lines[i]?.trim() === "" ? [] : lines.slice(i).filter((line) => line.trim() !== "");
    if (own.length > 0 && repeats(own, following, i === 0)) return lines.slice(0, i).join("\n");
  }
  return text;
}

/** Whether the remaining lines are the ones that follow, as far as they go. */
function repeats(own: readonly string[], following: readonly string[], first: boolean): boolean {
  let equal = 0;
  while (equal < own.length && equal < following.length) {
    const a = own[equal]?.trimEnd();
    const b = following[equal]?.trimEnd();
    // A bare `}` belongs to the block that is indented like it; the first line has its indent before the cursor.
    const same = isTelling(a) || first ? a?.trim() === b?.trim() : a === b;
    if (!same) break;
    equal++;
  }
  if (equal === 0) return false;
  if (equal === own.length) return true;
  // Cut off inside the last line, or going on past several equal ones.
  const next = following[equal]?.trim();
  const last = own[equal]?.trim();
  if (equal === own.length - 1 && last && next?.startsWith(last)) return true;
  return equal >= 2 && isTelling(own[0]);
}

function isTelling(line: string | undefined): boolean {
  return line !== undefined && /[\p{L}\p{N}]{2}/u.test(line) && line.trim().length > 4;
}
