import type { LineRange } from "./types.ts";

/** What identifies a line's text without telling it; never 0. */
export type LineHash = number;

/** Stands in a list of line hashes for a line that must be looked at: it equals no line. */
export const due: LineHash = 0;

/** The lines of a text without their breaks, broken as `server/text/positions` counts them. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Hashes of a text's lines; line breaks and white space at a line's end do not count. */
export function hashLines(lines: readonly string[]): LineHash[] {
  return lines.map((line) => hashText(line.trimEnd()) || 1);
}

/** The hash of a line without text. */
export const blankHash: LineHash = hashText("") || 1;

/** 53 bits over a text, by cyrb53 (public domain): no cryptography, few collisions, no dependency. */
export function hashText(text: string, seed = 0): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

/** A set of a document's lines. */
export type LineSet = ReadonlySet<number>;

/** Lines of a set as ascending ranges. */
export function rangesOf(lines: Iterable<number>): LineRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.end === line) last.end = line + 1;
    else ranges.push({ start: line, end: line + 1 });
  }
  return ranges;
}

/** The lines of ranges, those outside `[0, lineCount)` left out. */
export function linesIn(ranges: readonly LineRange[], lineCount: number): Set<number> {
  const lines = new Set<number>();
  for (const { start, end } of ranges) {
    for (let line = Math.max(0, start); line < Math.min(end, lineCount); line++) lines.add(line);
  }
  return lines;
}
