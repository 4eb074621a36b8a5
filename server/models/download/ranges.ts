/** Bytes of a file: from the first, to before the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The same bytes with one more range, in order, none touching another. */
export function withRange(ranges: readonly Range[], { from, to }: Range): Range[] {
  if (to <= from) return [...ranges];
  const before = ranges.filter((range) => range.to < from);
  const after = ranges.filter((range) => range.from > to);
  const joined = ranges.slice(before.length, ranges.length - after.length);
  const first = Math.min(from, joined[0]?.from ?? from);
  const last = Math.max(to, joined.at(-1)?.to ?? to);
  return [...before, { from: first, to: last }, ...after];
}

/** What is left of a file, in order, in pieces of at most so many bytes. */
export function missingPieces(
  ranges: readonly Range[],
  sizeBytes: number,
  pieceBytes: number,
): Range[] {
  const pieces: Range[] = [];
  let at = 0;
  for (const { from, to } of [...ranges, { from: sizeBytes, to: sizeBytes }]) {
    for (; at < from; at = Math.min(at + pieceBytes, from)) {
      pieces.push({ from: at, to: Math.min(at + pieceBytes, from) });
    }
    at = to;
  }
  return pieces;
}

/** How many bytes they are. */
export function bytesIn(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Where the bytes end that begin at `at`; `at` itself where there are none. */
export function endFrom(ranges: readonly Range[], at: number): number {
  return ranges.find(({ from, to }) => from <= at && at < to)?.to ?? at;
}
