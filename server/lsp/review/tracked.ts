import type { Range, ReviewFinding, Severity } from "../../protocol/review.ts";
import { matchLines } from "../../review/lineDiff.ts";
import { hashLines, linesOf } from "../../review/lines.ts";
import { moveFinding } from "../../review/moveFinding.ts";
import type { LineRange } from "../../review/types.ts";

/** Findings of one state of a document's text, which follow it through later edits. */
export interface Tracked {
  /**
   * The findings as they stand in another state of the text: moved where lines above came or went,
   * left out where a line that they or their fix stand on is no more as it was.
   */
  at(text: string): readonly ReviewFinding[];
}

export function track(text: string, findings: readonly ReviewFinding[]): Tracked {
  let hashes: readonly number[] | undefined;
  let last = { text, findings };
  return {
    at(other) {
      if (findings.length === 0 || other === text) return findings;
      if (other === last.text) return last.findings;
      hashes ??= hashLines(linesOf(text));
      const match = matchLines(hashes, hashLines(linesOf(other)));
      last = {
        text: other,
        findings: findings.flatMap((finding) => moveFinding(finding, match) ?? []),
      };
      return last.findings;
    },
  };
}

/**
 * What is known after a review: its findings, and of the earlier ones those that stand on lines it
 * did not look at. `reviewed` absent: it looked at all of them.
 */
export function merge(
  earlier: readonly ReviewFinding[],
  found: readonly ReviewFinding[],
  reviewed: readonly LineRange[] | undefined,
): readonly ReviewFinding[] {
  const kept =
    reviewed === undefined ? [] : earlier.filter(({ range }) => !touchesAny(range, reviewed));
  return inOrder(withoutDoubles([...found, ...kept]));
}

/** Findings that came first while a review goes on, with those of before that they do not replace. */
export function withPartial(
  earlier: readonly ReviewFinding[],
  partial: readonly ReviewFinding[],
): readonly ReviewFinding[] {
  if (partial.length === 0) return earlier;
  const untouched = earlier.filter(
    ({ range }) => !partial.some((each) => overlap(range, each.range)),
  );
  return inOrder([...partial, ...untouched]);
}

/** Whether two ranges share a place; an empty range is a place, too. */
export function overlap(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Range["start"], b: Range["start"]): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function touchesAny({ start, end }: Range, lines: readonly LineRange[]): boolean {
  return lines.some((range) => start.line < range.end && end.line >= range.start);
}

function withoutDoubles(findings: readonly ReviewFinding[]): readonly ReviewFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, range: { start } }) => {
    const key = `${rule} ${start.line} ${start.character}`;
    return !seen.has(key) && seen.add(key);
  });
}

const weights: Readonly<Record<Severity, number>> = {
  error: 0,
  warning: 1,
  information: 2,
  hint: 3,
};

function inOrder(findings: readonly ReviewFinding[]): readonly ReviewFinding[] {
  return [...findings].sort(
    (a, b) => weights[a.severity] - weights[b.severity] || b.confidence - a.confidence,
  );
}
