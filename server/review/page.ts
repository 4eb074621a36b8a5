import { createLineIndex, type LineIndex } from "../text/positions.ts";
import type { ReviewFinding } from "../protocol/review.ts";
import type { ReviewerDependencies } from "./dependencies.ts";
import type { Documents } from "./documents.ts";
import { fileNameOf } from "./fileName.ts";
import { createFingerprints } from "./fingerprint.ts";
import { hashLines, linesIn, linesOf, rangesOf, type LineHash } from "./lines.ts";
import { withDue, type Known } from "./memory.ts";
import { visible, type Filters } from "./result.ts";
import { readSuppressions } from "./suppress.ts";
import type { Targets } from "./targets.ts";
import { toReviewFinding } from "./toFinding.ts";
import type { Chunk, Finding, ReviewDocument } from "./types.ts";

/** A document under review: its lines, and what was known of them before. */
export interface Page {
  readonly document: ReviewDocument;
  readonly lines: readonly string[];
  readonly hashes: readonly LineHash[];
  readonly starts: readonly number[];
  readonly index: LineIndex;
  readonly known: Known;
  /** Whether a comment keeps all findings away, so that nothing needs to be looked at. */
  readonly isSuppressed: boolean;
  readonly visible: (findings: readonly ReviewFinding[]) => ReviewFinding[];
  readonly fingerprintOf: (finding: Finding) => string;
}

export function openPage(
  { dismissals, documents, settings }: ReviewerDependencies & { readonly documents: Documents },
  document: ReviewDocument,
): Page {
  const { uri, text, languageId } = document;
  const lines = linesOf(text);
  const hashes = hashLines(lines);
  const index = createLineIndex(text);
  const suppressions = readSuppressions(lines, languageId);
  const filters: Filters = {
    suppressions,
    dismissed: dismissals.of(fileNameOf(uri)),
    isOn: settings().isOn,
  };
  return {
    document,
    lines,
    hashes,
    starts: lines.map((_, line) => index.startOf(line)),
    index,
    known: documents.inLines(uri, hashes),
    isSuppressed: suppressions.all,
    visible: (findings) => visible(findings, filters),
    fingerprintOf: createFingerprints(
      lines,
      (line) => index.startOf(line),
      (offset) => index.positionAt(offset).line,
    ),
  };
}

/** Lines of a document that chunks are about. */
export function linesOfChunks({ lines }: Page, chunks: readonly Chunk[]): Set<number> {
  return linesIn(
    chunks.flatMap((chunk) => chunk.lines),
    lines.length,
  );
}

/** All findings after chunks were looked at: what was found, and the earlier ones on other lines. */
export function findingsAfter(
  page: Page,
  chunks: readonly Chunk[],
  found: readonly Finding[],
): ReviewFinding[] {
  const { document, index, known, fingerprintOf } = page;
  const looked = linesOfChunks(page, chunks);
  const kept = known.findings.filter(({ range }) => !looked.has(range.start.line));
  const placed = found.filter(({ start }) => looked.has(index.positionAt(start).line));
  return [
    ...kept,
    ...placed.map((each) => toReviewFinding(each, document.text, index, fingerprintOf(each))),
  ];
}

/**
 * What is known after a review came to its end: lines that should have been looked at and were not,
 * such as those left out for time or in a syntax error, are due with the next one.
 */
export function knownAfter(
  page: Page,
  targets: Targets,
  {
    completed,
    touched,
  }: { readonly completed: readonly Chunk[]; readonly touched: readonly Chunk[] },
  findings: readonly ReviewFinding[],
): Known {
  const { hashes, known, lines } = page;
  const done = linesOfChunks(page, completed);
  const wanted = new Set([...targets.lines, ...targets.conflicting]);
  for (const line of targets.due) if (lines[line]?.trim() !== "") wanted.add(line);
  return {
    lines: hashes,
    baseline: withDue(hashes, (line) => wanted.has(line) && !done.has(line)),
    looked: new Set([...known.looked, ...linesOfChunks(page, touched)]),
    findings,
    score: known.score,
  };
}

/** Chunks that also look again at the lines of their earlier findings: their code around changed. */
export function withEarlierFindings(page: Page, chunks: readonly Chunk[]): Chunk[] {
  const { findings } = page.known;
  const asked = linesOfChunks(page, chunks);
  const others = findings.filter(({ range }) => !asked.has(range.start.line));
  if (others.length === 0) return [...chunks];
  return chunks.map((chunk) => {
    const first = page.index.positionAt(chunk.start).line;
    const end = page.index.positionAt(Math.max(chunk.start, chunk.end - 1)).line + 1;
    const lines = linesIn(chunk.lines, page.lines.length);
    const size = lines.size;
    for (const { range } of others) {
      if (range.start.line < first || range.end.line >= end) continue;
      for (let line = range.start.line; line <= range.end.line; line++) lines.add(line);
    }
    return lines.size === size ? chunk : { ...chunk, lines: rangesOf(lines) };
  });
}
