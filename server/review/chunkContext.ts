import type { Span, Unit } from "../syntax/reading.ts";
import { identifiersIn } from "../text/identifiers.ts";
import type { WindowReading } from "./readWindows.ts";

/** Longest context of a chunk, in UTF-16 code units, and how much of it imports may take. */
const longestContext = 1200;
const longestImports = 600;
/** Header lines of a function that a part of it is shown with, at most. */
const longestHeader = 300;

/**
 * What a chunk is shown with: imports (those that it names first), headers of declarations that it
 * names (the most often named first, then the nearest), the header of the class around it, and of
 * the function where the chunk is a part of it. In the document's order, each on lines of its own.
 */
export function contextOf(
  text: string,
  reading: WindowReading,
  chunk: Span,
  unit: Unit | undefined,
): string {
  const named = counted(identifiersIn(text.slice(chunk.start, chunk.end)));
  const outside = (span: Span) => span.end <= chunk.start || span.start >= chunk.end;
  const pieces: Span[] = [];
  let left = longestContext;
  const take = (span: Span): boolean => {
    const length = span.end - span.start + 1;
    const isTaken = pieces.some(({ start, end }) => start <= span.start && span.end <= end);
    if (length <= 1 || length > left || isTaken || !outside(span)) return false;
    left -= length;
    pieces.push(span);
    return true;
  };

  for (const header of headersAround(text, reading, chunk, unit)) take(header);
  let imports = longestImports;
  for (const span of byUse(reading.imports, (each) => useOf(text, each, named))) {
    if (imports >= span.end - span.start && take(span)) imports -= span.end - span.start;
  }
  const middle = (chunk.start + chunk.end) / 2;
  const declared = reading.declarations
    .filter((each) => outside(each) && (named.get(each.name) ?? 0) > 0)
    .sort(
      (a, b) =>
        (named.get(b.name) ?? 0) - (named.get(a.name) ?? 0) ||
        Math.abs(a.start - middle) - Math.abs(b.start - middle),
    );
  for (const { header } of declared) take(header);

  return pieces
    .sort((a, b) => a.start - b.start)
    .map(
      (span) => `${indentBefore(text, span.start)}${text.slice(span.start, span.end).trimEnd()}\n`,
    )
    .join("");
}

/** Headers of the classes around a chunk, the outermost first, and of a function cut into parts. */
function headersAround(
  text: string,
  { units }: WindowReading,
  chunk: Span,
  unit: Unit | undefined,
): Span[] {
  const headers: Span[] = [];
  for (let around = unit; around !== undefined; around = units[around.parent]) {
    if (around.start >= chunk.start) continue;
    const end = around.body.start > around.start ? around.body.start : around.end;
    const opening = /^[ \t]*[{:]/.exec(text.slice(end, end + 8))?.[0].length ?? 0;
    const shortened = Math.min(end + opening, around.start + longestHeader, chunk.start);
    headers.unshift({ start: around.start, end: shortened });
  }
  return headers;
}

function byUse(spans: readonly Span[], use: (span: Span) => number): Span[] {
  return spans
    .map((span) => ({ span, use: use(span) }))
    .sort((a, b) => b.use - a.use)
    .map(({ span }) => span);
}

function useOf(text: string, span: Span, named: ReadonlyMap<string, number>): number {
  const names = identifiersIn(text.slice(span.start, span.end));
  return names.reduce((sum, name) => sum + (named.get(name) ?? 0), 0);
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function indentBefore(text: string, offset: number): string {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  return before.trim() === "" ? before : "";
}
