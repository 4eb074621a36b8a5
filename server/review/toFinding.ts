import { ruleDeclarations, type ReviewFinding } from "../protocol/review.ts";
import type { LineIndex } from "../text/positions.ts";
import { weightOf } from "./score.ts";
import type { Finding } from "./types.ts";

/** Longest text of a finding's place that is handed on. */
const longestWritten = 400;

/** A finding in the form that leaves the server. */
export function toReviewFinding(
  finding: Finding,
  text: string,
  index: LineIndex,
  fingerprint: string,
): ReviewFinding {
  const rangeOf = ({ start, end }: { readonly start: number; readonly end: number }) => ({
    start: index.positionAt(start),
    end: index.positionAt(end),
  });
  const { rule, origin, message, why, confidence, odds, severity, shown, changes } = finding;
  return {
    rule,
    origin,
    category: finding.category ?? ruleDeclarations[rule].category,
    severity,
    message,
    why,
    confidence,
    ...(odds === undefined ? {} : { odds }),
    shown,
    range: rangeOf(finding),
    written: text.slice(finding.start, Math.min(finding.end, finding.start + longestWritten)),
    ...(changes.length === 0
      ? {}
      : {
          fix: {
            title: titleOf(finding, text),
            edits: changes.map((change) => ({ range: rangeOf(change), newText: change.text })),
          },
        }),
    related: finding.related.map((place) => ({ range: rangeOf(place), message: place.message })),
    tags: [...finding.tags],
    fingerprint,
  };
}

function titleOf({ changes }: Finding, text: string): string {
  const [change] = changes;
  if (change === undefined) return "Apply the fix";
  if (changes.length > 1) return "Swap them";
  const written = brief(text.slice(change.start, change.end));
  const meant = brief(change.text);
  if (written === "") return `Insert \`${meant}\``;
  return meant === "" ? `Remove \`${written}\`` : `Replace \`${written}\` by \`${meant}\``;
}

function brief(code: string): string {
  const line = code.trim().replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** Whether what a reviewer of chunks said can be used: numbers that are numbers, places in the text. */
export function isSound(finding: Finding, length: number): boolean {
  const { start, end, confidence, changes, related, odds } = finding;
  const isPlace = (place: { readonly start: number; readonly end: number }) =>
    place.start >= 0 && place.start <= place.end && place.end <= length;
  return (
    confidence >= 0 &&
    confidence <= 1 &&
    !Number.isNaN(odds ?? 0) &&
    isPlace({ start, end }) &&
    [...changes, ...related].every(isPlace)
  );
}

/** By severity, then the likeliest first, then by place. */
export function sorted(findings: readonly ReviewFinding[]): ReviewFinding[] {
  return [...findings].sort(
    (a, b) =>
      weightOf(b.severity) - weightOf(a.severity) ||
      b.confidence - a.confidence ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character,
  );
}
