import { diffArrays } from "diff";
import type { HunkLine } from "../../server/protocol/resultView.ts";

/** One change between two texts, as whole lines; indices of lines from 0. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: readonly string[];
  readonly newStart: number;
  readonly newLines: readonly string[];
}

/** Changes with fewer equal lines than this between them are one. */
const leastBetween = 2;
/** Milliseconds after which texts count as wholly different. */
const patienceMs = 1000;

/** The changes that make one text of another, in order. Line breaks are line feeds. */
export function hunksBetween(before: string, after: string): readonly Hunk[] {
  if (before === after) return [];
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const parts = diffArrays(old, fresh, { timeout: patienceMs }) as
    { value: string[]; added: boolean; removed: boolean }[] | undefined;
  if (parts === undefined) {
    return [{ oldStart: 0, oldLines: old, newStart: 0, newLines: fresh }];
  }
  const hunks: Hunk[] = [];
  let [oldAt, newAt] = [0, 0];
  for (const { value, added, removed } of parts) {
    if (added || removed) {
      const change: Hunk = {
        oldStart: oldAt,
        oldLines: removed ? value : [],
        newStart: newAt,
        newLines: added ? value : [],
      };
      const last = hunks.at(-1);
      const between =
        last === undefined ? Infinity : oldAt - (last.oldStart + last.oldLines.length);
      if (last !== undefined && between < leastBetween) {
        const same = old.slice(last.oldStart + last.oldLines.length, oldAt);
        hunks[hunks.length - 1] = {
          ...last,
          oldLines: [...last.oldLines, ...same, ...change.oldLines],
          newLines: [...last.newLines, ...same, ...change.newLines],
        };
      } else hunks.push(change);
    }
    if (!added) oldAt += value.length;
    if (!removed) newAt += value.length;
  }
  return hunks;
}

/** The text with some of its changes made. */
export function withHunks(
  before: string,
  hunks: readonly Hunk[],
  isMade: (index: number) => boolean,
): string {
  const old = before.split("\n");
  const lines: string[] = [];
  let at = 0;
  hunks.forEach((hunk, index) => {
    lines.push(...old.slice(at, hunk.oldStart));
    lines.push(...(isMade(index) ? hunk.newLines : hunk.oldLines));
    at = hunk.oldStart + hunk.oldLines.length;
  });
  lines.push(...old.slice(at));
  return lines.join("\n");
}

/** Equal lines that are drawn around a change. */
const contextLines = 3;

/**
 * A change as it is drawn, with equal lines around it that belong to no other change.
 * @param firstLine number of the first line of the old text in its document, from 1
 */
export function linesOf(
  before: string,
  hunks: readonly Hunk[],
  index: number,
  firstLine: number,
): readonly HunkLine[] {
  const hunk = hunks[index];
  if (hunk === undefined) return [];
  const old = before.split("\n");
  const previous = hunks[index - 1];
  const next = hunks[index + 1];
  const from = Math.max(
    previous === undefined ? 0 : previous.oldStart + previous.oldLines.length,
    hunk.oldStart - contextLines,
  );
  const end = hunk.oldStart + hunk.oldLines.length;
  const to = Math.min(next?.oldStart ?? old.length, end + contextLines);
  const shift = hunk.newStart - hunk.oldStart;
  const shiftAfter = shift + hunk.newLines.length - hunk.oldLines.length;
  const same = (at: number, by: number): HunkLine => ({
    kind: "same",
    text: old[at] ?? "",
    old: firstLine + at,
    new: firstLine + at + by,
  });
  const context = (start: number, stop: number, by: number) =>
    Array.from({ length: Math.max(0, stop - start) }, (_, offset) => same(start + offset, by));
  return [
    ...context(from, hunk.oldStart, shift),
    ...changed(hunk, firstLine),
    ...context(end, to, shiftAfter),
  ];
}

/** Removed lines before added ones; lines that both have, where changes were joined, once. */
function changed(hunk: Hunk, firstLine: number): readonly HunkLine[] {
  const parts = diffArrays([...hunk.oldLines], [...hunk.newLines]);
  let [oldAt, newAt] = [0, 0];
  return parts.flatMap(({ value, added, removed }) =>
    value.map((text): HunkLine => {
      const numbers = {
        ...(added ? {} : { old: firstLine + hunk.oldStart + oldAt }),
        ...(removed ? {} : { new: firstLine + hunk.newStart + newAt }),
      };
      if (!added) oldAt += 1;
      if (!removed) newAt += 1;
      return { kind: added ? "added" : removed ? "removed" : "same", text, ...numbers };
    }),
  );
}
