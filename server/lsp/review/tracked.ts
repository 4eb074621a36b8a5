import type { Range, ReviewFinding, Severity } from "../../protocol/review.ts";
import { matchLines } from "../../review/lineDiff.ts";
import { hashLines, linesOf } from "../../review/lines.ts";
import type { LineRange } from "../../review/types.ts";

/** Where a line of the earlier text is in the later one; undefined: it is not there as it was. */
type LineMap = (line: number) => number | undefined;

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
      const { newOf } = matchLines(hashes, hashLines(linesOf(other)));
      const map: LineMap = (line) => {
        const now = newOf[line] ?? -1;
        return now < 0 ? undefined : now;
      };
      last = { text: other, findings: findings.flatMap((finding) => moved(finding, map) ?? []) };
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

function moved(finding: ReviewFinding, map: LineMap): ReviewFinding | undefined {
  const range = movedRange(finding.range, map);
  if (range === undefined) return undefined;
  const related = finding.related.flatMap((each) => {
    const to = movedRange(each.range, map);
    return to === undefined ? [] : [{ ...each, range: to }];
  });
  const { fix } = finding;
  if (fix === undefined) return { ...finding, range, related };
  const edits = fix.edits.flatMap((edit) => {
    const to = movedRange(edit.range, map);
    return to === undefined ? [] : [{ ...edit, range: to }];
  });
  if (edits.length < fix.edits.length) return undefined;
  return { ...finding, range, related, fix: { ...fix, edits } };
}

/** A range whose every line is still there, one after the other. */
function movedRange({ start, end }: Range, map: LineMap): Range | undefined {
  const to = map(start.line);
  if (to === undefined) return undefined;
  const by = to - start.line;
  // A range that ends before a line's first character does not stand on that line.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  for (let line = start.line + 1; line <= last; line++) {
    if (map(line) !== line + by) return undefined;
  }
  return {
    start: { ...start, line: start.line + by },
    end: { ...end, line: end.line + by },
  };
}
