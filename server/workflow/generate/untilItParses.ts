import type { Syntax } from "../../syntax/syntaxService.ts";
import { indentWidth } from "../../text/indentation.ts";
import { assess } from "../assess.ts";
import type { CodePlace } from "../place.ts";

/** So many ends are tried. */
const mostTries = 20;

/**
 * A text that was cut off without being in a declaration that was asked for, up to its last line at the
 * margin from where it parses; undefined where nothing of it does.
 */
export function untilItParses(
  syntax: Pick<Syntax, "errorCount">,
  place: CodePlace,
  start: string,
  code: string,
): string | undefined {
  const lines = code.split("\n");
  const least = indentWidth(place.indent);
  let tries = 0;
  for (let end = lines.length; end > 1 && tries < mostTries; end--) {
    const next = lines[end];
    const isBoundary = next === undefined || (next.trim() !== "" && indentWidth(next) <= least);
    if (!isBoundary) continue;
    tries++;
    const kept = lines.slice(0, end).join("\n").trimEnd();
    if (kept.length <= start.trimEnd().length) return undefined;
    const { problem, isParsed } = assess(syntax, place, kept);
    if (problem === undefined && isParsed) return kept;
  }
  return undefined;
}
