import { diffArrays } from "diff";
import { blankHash, type LineHash } from "./lines.ts";

/** More edits than this are not sought: the time grows with their square. */
const mostEdits = 1500;

/** Which lines of two texts are the same. */
export interface LineMatch {
  /** By line of the newer text: the same line of the older one; -1: there is none. */
  readonly oldOf: Int32Array;
  /** By line of the older text: the same line of the newer one; -1: there is none. */
  readonly newOf: Int32Array;
}

/**
 * Matches the lines of two texts by their hashes. A rewrite beyond a bound is not compared in its
 * middle: what lies between the common start and the common end counts as new.
 */
export function matchLines(before: readonly LineHash[], after: readonly LineHash[]): LineMatch {
  const oldOf = new Int32Array(after.length).fill(-1);
  const newOf = new Int32Array(before.length).fill(-1);
  const pair = (from: number, to: number): void => {
    newOf[from] = to;
    oldOf[to] = from;
  };
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    pair(start, start);
    start++;
  }
  let fromEnd = before.length;
  let toEnd = after.length;
  while (fromEnd > start && toEnd > start && before[fromEnd - 1] === after[toEnd - 1]) {
    pair(--fromEnd, --toEnd);
  }
  if (fromEnd === start || toEnd === start) return { oldOf, newOf };
  const parts = diffArrays(before.slice(start, fromEnd), after.slice(start, toEnd), {
    maxEditLength: mostEdits,
  });
  let from = start;
  let to = start;
  for (const { added, removed, count } of parts ?? []) {
    if (added) to += count;
    else if (removed) from += count;
    else for (let i = 0; i < count; i++) pair(from++, to++);
  }
  return { oldOf, newOf };
}

/**
 * Lines of the newer text that changed: those without a match, and the neighbours of lines that were
 * only taken away (blank ones do not count).
 */
export function changedLines(match: LineMatch, before: readonly LineHash[]): Set<number> {
  const { oldOf } = match;
  const changed = new Set<number>();
  let previous = -1;
  for (let line = 0; line <= oldOf.length; line++) {
    const old = line < oldOf.length ? (oldOf[line] ?? -1) : before.length;
    if (old < 0) {
      changed.add(line);
      continue;
    }
    const removed = before.slice(previous + 1, old).some((hash) => hash !== blankHash);
    const replaced = line > 0 && oldOf[line - 1] === -1;
    if (removed && !replaced) {
      if (line > 0) changed.add(line - 1);
      if (line < oldOf.length) changed.add(line);
    }
    previous = old;
  }
  return changed;
}
