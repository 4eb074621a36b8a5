import type { Range, ReviewFinding } from "../protocol/review.ts";
import type { LineMatch } from "./lineDiff.ts";

/** A finding as it stands after edits; undefined where a line that it or its fix stands on changed. */
export function moveFinding(finding: ReviewFinding, match: LineMatch): ReviewFinding | undefined {
  const range = moveRange(finding.range, match);
  if (range === undefined) return undefined;
  const related = finding.related.flatMap((each) => {
    const to = moveRange(each.range, match);
    return to === undefined ? [] : [{ ...each, range: to }];
  });
  const { fix } = finding;
  if (fix === undefined) return { ...finding, range, related };
  const edits = fix.edits.flatMap((edit) => {
    const to = moveRange(edit.range, match);
    return to === undefined ? [] : [{ ...edit, range: to }];
  });
  // A fix that lost a part of itself would be another one.
  if (edits.length < fix.edits.length) return undefined;
  return { ...finding, range, related, fix: { ...fix, edits } };
}

/** A range whose every line is still there, one after the other. */
function moveRange({ start, end }: Range, { newOf }: LineMatch): Range | undefined {
  const to = newOf[start.line] ?? -1;
  if (to < 0) return undefined;
  const by = to - start.line;
  // A range that ends before a line's first character does not stand on that line.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  for (let line = start.line + 1; line <= last; line++) {
    if ((newOf[line] ?? -1) !== line + by) return undefined;
  }
  return {
    start: { ...start, line: start.line + by },
    end: { ...end, line: end.line + by },
  };
}
