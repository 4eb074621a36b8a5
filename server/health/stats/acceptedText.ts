import type { KnownEdit } from "./edits.ts";

/** A stretch of a document, end exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What an edit leaves of stretches, where it lies then. What is inserted into one is no part of it. */
export function moveStretches(
  stretches: readonly Stretch[],
  { start, removed, inserted }: KnownEdit,
): Stretch[] {
  const end = start + removed.length;
  const shift = inserted.length - removed.length;
  return stretches.flatMap((stretch) => {
    if (stretch.end <= start) return [stretch];
    if (stretch.start >= end) return [{ start: stretch.start + shift, end: stretch.end + shift }];
    const left = { start: stretch.start, end: Math.min(stretch.end, start) };
    const right = { start: Math.max(stretch.start, end) + shift, end: stretch.end + shift };
    return [left, right].filter((each) => each.start < each.end);
  });
}

/** How many characters stretches hold. */
export function lengthOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { start, end }) => sum + end - start, 0);
}
