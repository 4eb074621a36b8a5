import type { GitText } from "../workspace/git.ts";
import { changedLines, matchLines } from "./lineDiff.ts";
import { hashLines, linesOf, type LineHash } from "./lines.ts";

/** What the lines of a document are compared with. */
export interface Baseline {
  readonly from: "review" | "git" | "opened" | "nothing";
  /** Undefined: there is nothing to compare with, all lines are new. */
  readonly lines: readonly LineHash[] | undefined;
}

export interface BaselineSources {
  /** Lines as last reviewed, from memory or disk. */
  readonly reviewed: readonly LineHash[] | undefined;
  /** Lines as the document was opened. */
  readonly opened: readonly LineHash[] | undefined;
  /** The document at git's HEAD. */
  readonly committed: () => Promise<GitText>;
}

/**
 * What a document is compared with: its last review, else git's HEAD, else how it was opened, else
 * nothing. A file that a repository does not hold yet is new in all its lines.
 */
export async function findBaseline(sources: BaselineSources): Promise<Baseline> {
  const { reviewed, opened } = sources;
  if (reviewed !== undefined) return { from: "review", lines: reviewed };
  const committed = await sources.committed();
  if (committed.kind === "text") return { from: "git", lines: hashLines(linesOf(committed.text)) };
  if (committed.kind === "untracked") return { from: "git", lines: undefined };
  if (opened !== undefined) return { from: "opened", lines: opened };
  return { from: "nothing", lines: undefined };
}

/** Lines of a document that differ from a baseline. */
export function linesSince(
  baseline: readonly LineHash[] | undefined,
  lines: readonly LineHash[],
): Set<number> {
  if (baseline === undefined) return new Set(lines.keys());
  return changedLines(matchLines(baseline, lines), baseline);
}
