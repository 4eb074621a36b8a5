import type { Snapshot, SnapshotStore } from "./dependencies.ts";
import { hashLines, linesIn, linesOf, rangesOf, type LineHash } from "./lines.ts";
import { carriedOver, linesOfFindings, withDue, type Known } from "./memory.ts";
import type { ReviewDocument } from "./types.ts";

/** Documents whose lines as opened are remembered; the first opened go first. */
const mostOpened = 500;

/** What is known of documents: in memory, and of reviewed ones on disk. */
export interface Documents {
  known(uri: string): Known | undefined;
  /** What is known as it stands in these lines; from disk where memory has nothing. */
  inLines(uri: string, lines: readonly LineHash[]): Known;
  openedLines(uri: string): readonly LineHash[] | undefined;
  opened(document: ReviewDocument): void;
  /** Takes what a review found; with `isWhole` it is what the next review compares with. */
  learn(uri: string, known: Known, isWhole: boolean): void;
  /** Lets go of it in memory. */
  forget(uri: string): void;
  rename(from: string, to: string): void;
}

export function createDocuments(snapshots: SnapshotStore): Documents {
  const inMemory = new Map<string, Known>();
  const asOpened = new Map<string, readonly LineHash[]>();

  return {
    known: (uri) => inMemory.get(uri),
    inLines(uri, lines) {
      const known = inMemory.get(uri) ?? fromDisk(snapshots.read(uri));
      return known === undefined ? nothingKnown(lines) : carriedOver(known, lines);
    },
    openedLines: (uri) => asOpened.get(uri),
    opened({ uri, text }) {
      if (asOpened.has(uri)) return;
      asOpened.set(uri, hashLines(linesOf(text)));
      const [first] = asOpened.keys();
      if (asOpened.size > mostOpened && first !== undefined) asOpened.delete(first);
    },
    learn(uri, known, isWhole) {
      inMemory.set(uri, known);
      const { baseline, findings, looked, score } = known;
      if (!isWhole || baseline === undefined || !uri.startsWith("file:")) return;
      // Findings hold source text and stay in memory: after a restart their lines are due again.
      const found = linesOfFindings(findings);
      snapshots.write(uri, {
        lines: withDue(baseline, (line) => found.has(line)),
        looked: rangesOf(looked),
        ...(score === undefined ? {} : { score }),
      });
    },
    forget(uri) {
      inMemory.delete(uri);
      asOpened.delete(uri);
    },
    rename(from, to) {
      const known = inMemory.get(from);
      const opened = asOpened.get(from);
      inMemory.delete(from);
      asOpened.delete(from);
      if (known !== undefined && !inMemory.has(to)) inMemory.set(to, known);
      if (opened !== undefined) asOpened.set(to, opened);
      snapshots.rename(from, to);
    },
  };
}

function fromDisk(snapshot: Snapshot | undefined): Known | undefined {
  if (snapshot === undefined) return undefined;
  const { lines, looked, score } = snapshot;
  return {
    lines,
    baseline: lines,
    looked: linesIn(looked, lines.length),
    findings: [],
    score,
  };
}

function nothingKnown(lines: readonly LineHash[]): Known {
  return { lines, baseline: undefined, looked: new Set(), findings: [], score: undefined };
}
