import { unmatchedBrackets } from "../../text/brackets.ts";
import { currentLine, restOfLine } from "../../text/lines.ts";
import type { StopContext } from "./stopContext.ts";

/**
 * Where a single line ends, or undefined while it goes on: at its line break, or where the generation has come
 * to what already stands after the cursor. At the end of a line one line break may come first.
 */
export function endOfLine(text: string, context: StopContext): number | undefined {
  const rest = restOfLine(context.windowAfter).trim();
  const lead = rest === "" ? (/^\s*\n/.exec(text)?.[0].length ?? 0) : 0;
  const end = text.indexOf("\n", lead);
  const line = end < 0 ? text : text.slice(0, end);
  if (rest !== "" && repeatsRest(line, rest, context)) return line.trimEnd().length - rest.length;
  return end < 0 ? undefined : end;
}

/** Whether the line ends in all that stands after the cursor, and does not need it for itself. */
function repeatsRest(line: string, rest: string, context: StopContext): boolean {
  const trimmed = line.trimEnd();
  if (!trimmed.endsWith(rest)) return false;
  const from = trimmed.length - rest.length;
  if (/[)\]}]/.test(rest)) {
    return unmatchedBrackets(trimmed, context.languageId).unopened.some((b) => b.offset >= from);
  }
  if (/^['"`]$/.test(rest)) {
    return ((currentLine(context.windowBefore) + trimmed).split(rest).length - 1) % 2 === 0;
  }
  return from > 0 && /^[;,]|^\W.*\W$/.test(rest);
}
