import type { LineRange } from "./types.ts";

/** Limits of one piece of code. */
export const mostChunkLines = 40;
export const mostChunkCharacters = 2400;
/** Lines shown before and after the lines that are looked at. */
const before = 8;
const after = 4;

/** Whether lines are few and short enough for one piece. */
export function fitsChunk({ start, end }: LineRange, startOf: (line: number) => number): boolean {
  return end - start <= mostChunkLines && startOf(end) - startOf(start) <= mostChunkCharacters;
}

/** Whole lines with the lines inside that are looked at. */
export interface Part {
  readonly range: LineRange;
  readonly lines: readonly number[];
}

/**
 * Parts of a run of lines around its chosen lines (ascending), which overlap where all of it is
 * chosen; none is longer than the limits unless a single line is.
 */
export function partsAround(
  run: LineRange,
  chosen: readonly number[],
  startOf: (line: number) => number,
): Part[] {
  const parts: Part[] = [];
  for (const group of groups(chosen, startOf)) {
    const first = group[0] ?? run.start;
    const last = group.at(-1) ?? first;
    let start = first;
    let end = last + 1;
    const fits = (from: number, to: number) => fitsChunk({ start: from, end: to }, startOf);
    while (start > run.start && first - start < before && fits(start - 1, end)) start--;
    while (end < run.end && end - last - 1 < after && fits(start, end + 1)) end++;
    parts.push({ range: { start, end }, lines: group });
  }
  return parts;
}

function groups(chosen: readonly number[], startOf: (line: number) => number): number[][] {
  const all: number[][] = [];
  for (const line of chosen) {
    const group = all.at(-1);
    const first = group?.[0];
    const fits =
      first !== undefined &&
      line + 1 - first <= mostChunkLines - before - after &&
      startOf(line + 1) - startOf(first) <= mostChunkCharacters * 0.75;
    if (group !== undefined && fits) group.push(line);
    else all.push([line]);
  }
  return all;
}
