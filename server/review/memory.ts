import type { ReviewFinding } from "../protocol/review.ts";
import { matchLines } from "./lineDiff.ts";
import { due, type LineHash } from "./lines.ts";
import { moveFinding } from "./moveFinding.ts";

/** What is known of a document: the findings of its reviews, as of one text. */
export interface Known {
  /** Hashes of that text's lines. */
  readonly lines: readonly LineHash[];
  /**
   * What the next review compares with: the lines that need no look if they are still so. Of another
   * text than `lines` where the last review failed; undefined: no review came to its end yet.
   */
  readonly baseline: readonly LineHash[] | undefined;
  /** Lines that were looked at, in this or an earlier review. */
  readonly looked: ReadonlySet<number>;
  /** All, those that are suppressed or dismissed included. */
  readonly findings: readonly ReviewFinding[];
  readonly score: number | undefined;
}

/** What is known, as it stands in another text: moved, and without what stood on lines that changed. */
export function carriedOver(known: Known, lines: readonly LineHash[]): Known {
  const match = matchLines(known.lines, lines);
  const looked = new Set<number>();
  for (const line of known.looked) {
    const now = match.newOf[line] ?? -1;
    if (now >= 0) looked.add(now);
  }
  const findings = known.findings.flatMap((finding) => moveFinding(finding, match) ?? []);
  return { ...known, lines, looked, findings };
}

/** Lines that findings stand on. */
export function linesOfFindings(findings: readonly ReviewFinding[]): Set<number> {
  const lines = new Set<number>();
  for (const { range } of findings) {
    for (let line = range.start.line; line <= range.end.line; line++) lines.add(line);
  }
  return lines;
}

/** The lines of a text, those marked that must be looked at. */
export function withDue(lines: readonly LineHash[], isDue: (line: number) => boolean): LineHash[] {
  return lines.map((hash, line) => (isDue(line) ? due : hash));
}
