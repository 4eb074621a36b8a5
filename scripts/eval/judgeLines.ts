import type { Curve } from "../../server/completion/show/curves.ts";
import { gate } from "../../server/completion/show/gate.ts";
import type { Syntax } from "../../server/syntax/syntaxService.ts";
import type { MeasuredLine } from "./measureLines.ts";

/** What the show gate did with the lines at one threshold. */
export interface GateRow {
  readonly threshold: number;
  readonly all: number;
  readonly shown: number;
  /** Shown and right: the whole rest of the line, or a part that the line begins with. */
  readonly right: number;
  /** Of those, where the whole first line was shown. */
  readonly wholeShown: number;
  readonly wholeRight: number;
}

/** Right ÷ shown; 1 when nothing is shown. */
export function precisionOf({ right, shown }: GateRow): number {
  return shown === 0 ? 1 : right / shown;
}

/** Shown ÷ all. */
export function coverageOf({ shown, all }: GateRow): number {
  return all === 0 ? 0 : shown / all;
}

/** Whether a shortened suggestion is what the author wrote, as far as it goes; half a word is not. */
export function isRightPart(part: string, truth: string): boolean {
  if (!truth.startsWith(part)) return false;
  return !(/[\p{L}\p{N}_$]$/u.test(part) && /^[\p{L}\p{N}_$]/u.test(truth.slice(part.length)));
}

/** Runs the product's gate over measured lines. */
export function judgeLines(
  lines: readonly MeasuredLine[],
  curve: Curve,
  threshold: number,
  syntax: Pick<Syntax, "errorCount">,
): GateRow {
  const row = { threshold, all: lines.length, shown: 0, right: 0, wholeShown: 0, wholeRight: 0 };
  for (const { line, product } of lines) {
    const { text } = gate({
      text: product.suggestion,
      tokens: product.tokens,
      before: line.before,
      after: line.after,
      languageId: line.language,
      syntax,
      curve,
      threshold,
      trigger: "automatic",
    });
    if (text === "") continue;
    const whole = text === product.suggestion;
    const right = whole ? text.trimEnd() === line.truth : isRightPart(text, line.truth);
    row.shown += 1;
    row.right += Number(right);
    row.wholeShown += Number(whole);
    row.wholeRight += Number(whole && right);
  }
  return row;
}

/** Counts errors of each text once: the same windows are parsed at every threshold. */
export function rememberParses(syntax: Pick<Syntax, "errorCount">): Pick<Syntax, "errorCount"> {
  const known = new Map<string, number | undefined>();
  return {
    errorCount(languageId, text) {
      const key = `${languageId}\n${text}`;
      if (!known.has(key)) known.set(key, syntax.errorCount(languageId, text));
      return known.get(key);
    },
  };
}
