import type { ReviewFinding } from "../../protocol/review.ts";
import type { Syntax } from "../../syntax/syntaxService.ts";
import { createLineIndex } from "../../text/positions.ts";
import { assess } from "../assess.ts";
import type { CodePlace } from "../place.ts";

/** A fix that is likelier wrong than right is not applied. */
const leastConfidence = 0.5;

/** Code after a revision, and what was changed, one sentence each. */
export interface Revision {
  readonly code: string;
  readonly changes: readonly string[];
}

/**
 * Applies the fixes of findings that are sure enough, from the end of the text, each only where the
 * code parses no worse with it; undefined where none is.
 */
export function applyFixes(
  syntax: Pick<Syntax, "errorCount">,
  place: CodePlace,
  code: string,
  findings: readonly ReviewFinding[],
): Revision | undefined {
  const index = createLineIndex(code);
  const fixes = findings
    .filter(({ fix, confidence }) => fix !== undefined && confidence >= leastConfidence)
    .sort((a, b) => b.confidence - a.confidence)
    .map((finding) => ({
      finding,
      edits: (finding.fix?.edits ?? [])
        .map(({ range, newText }) => ({
          ...{ start: index.offsetAt(range.start), end: index.offsetAt(range.end), newText },
        }))
        .sort((a, b) => b.start - a.start),
    }));
  // Of two that touch the same text the surer one stays.
  const taken: { readonly start: number; readonly end: number }[] = [];
  const chosen = fixes.filter(({ edits }) => {
    const isFree = edits.every((edit) =>
      taken.every((other) => edit.end < other.start || other.end < edit.start),
    );
    if (isFree) taken.push(...edits);
    return isFree && edits.length > 0;
  });
  const kept = chosen
    .sort((a, b) => (b.edits[0]?.start ?? 0) - (a.edits[0]?.start ?? 0))
    .reduce<typeof chosen>((sofar, one) => {
      const before = withEdits(code, sofar);
      const after = withEdits(code, [...sofar, one]);
      const isNoWorse = assess(syntax, place, after).errors <= assess(syntax, place, before).errors;
      return isNoWorse ? [...sofar, one] : sofar;
    }, []);
  const revised = withEdits(code, kept);
  if (kept.length === 0 || revised === code) return undefined;
  return { code: revised, changes: kept.reverse().map(({ finding }) => described(finding)) };
}

function withEdits(
  code: string,
  fixes: readonly {
    readonly edits: readonly {
      readonly start: number;
      readonly end: number;
      readonly newText: string;
    }[];
  }[],
): string {
  return fixes
    .flatMap(({ edits }) => edits)
    .sort((a, b) => b.start - a.start)
    .reduce(
      (text, { start, end, newText }) => text.slice(0, start) + newText + text.slice(end),
      code,
    );
}

function described({ range, fix, message, confidence }: ReviewFinding): string {
  const sure = `${Math.min(99, Math.round(100 * confidence))}% sure`;
  return `Line ${range.start.line + 1}: ${fix?.title ?? message} (${sure}).`;
}
