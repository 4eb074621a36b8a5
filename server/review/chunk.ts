import type { Unit } from "../syntax/reading.ts";
import type { Syntax } from "../syntax/syntaxService.ts";
import { contextOf } from "./chunkContext.ts";
import { hashText, rangesOf } from "./lines.ts";
import { createLines, createOwners, type Lines, type Owners } from "./owners.ts";
import { readWindows, type WindowReading } from "./readWindows.ts";
import type { Chunk, LineRange, ReviewDocument } from "./types.ts";
import { fitsChunk, partsAround, type Part } from "./windows.ts";

/** Comment lines above a function that belong to it, at most. */
const mostCommentLines = 12;

/** A document cut into what is reviewed at once. */
export interface Chunking {
  /** In the document's order. */
  readonly chunks: readonly Chunk[];
  /** Chosen lines that lie in a syntax error: they wait until it is mended. */
  readonly erroneous: readonly number[];
  /** Tells apart what the document declares and imports. */
  readonly surroundings: string;
}

/**
 * Cuts the chosen lines (ascending) of a document into chunks: the function around them, the largest
 * that is short enough to be looked at as a whole, else overlapping parts of the smallest; outside of
 * functions windows of lines that end where a function begins. Lines without a grammar are windows.
 */
export function cutIntoChunks(
  syntax: Pick<Syntax, "read">,
  document: ReviewDocument,
  starts: readonly number[],
  chosen: readonly number[],
): Chunking {
  const { text } = document;
  const lines = createLines(starts, text.length);
  const chunks: Chunk[] = [];
  const erroneous: number[] = [];
  const names = new Set<string>();
  for (const window of readWindows(syntax, document, starts, chosen)) {
    const { reading } = window;
    const sound =
      reading === undefined ? window.lines : withoutErrors(window.lines, reading, lines);
    const kept = new Set(sound);
    for (const { name } of reading?.declarations ?? []) names.add(name);
    for (const { start, end } of reading?.imports ?? []) names.add(text.slice(start, end));
    erroneous.push(...window.lines.filter((line) => !kept.has(line)));
    for (const { part, unit } of partsOf(sound, reading, lines, text)) {
      const start = lines.startOf(part.range.start);
      const end = lines.startOf(part.range.end);
      chunks.push({
        start,
        end,
        lines: rangesOf(part.lines),
        name: unit?.name ?? "",
        context: reading === undefined ? "" : contextOf(text, reading, { start, end }, unit),
      });
    }
  }
  return {
    chunks: chunks.sort((a, b) => a.start - b.start),
    erroneous,
    surroundings: String(hashText([...names].sort().join("\n"))),
  };
}

function withoutErrors(chosen: readonly number[], { errors }: WindowReading, lines: Lines) {
  if (errors.length === 0) return chosen;
  const broken = new Set<number>();
  for (const { start, end } of errors) {
    const last = lines.lineAt(Math.max(start, end - 1));
    for (let line = lines.lineAt(start); line <= last; line++) broken.add(line);
  }
  return chosen.filter((line) => !broken.has(line));
}

interface PartOfUnit {
  readonly part: Part;
  readonly unit: Unit | undefined;
}

function partsOf(
  chosen: readonly number[],
  reading: WindowReading | undefined,
  lines: Lines,
  text: string,
): PartOfUnit[] {
  const owners = createOwners(reading?.units ?? [], lines, text);
  const byFunction = new Map<number, number[]>();
  const outside: number[] = [];
  for (const line of chosen) {
    const unit = owners.functionAround(line);
    if (unit < 0) outside.push(line);
    else byFunction.set(unit, [...(byFunction.get(unit) ?? []), line]);
  }
  const parts: PartOfUnit[] = [];
  for (const [index, own] of byFunction) {
    const unit = owners.units[index];
    if (unit === undefined) continue;
    const range = owners.rangeOf(unit);
    if (owners.isShort(unit)) {
      const start = withComments(range.start, reading, lines, text);
      parts.push({ part: { range: { start, end: range.end }, lines: own }, unit });
    } else {
      const cut = partsAround(range, own, lines.startOf);
      parts.push(...cut.map((part) => ({ part, unit })));
    }
  }
  for (const run of owners.runsOutside(outside)) {
    const cut = partsAround(run.range, run.lines, lines.startOf);
    parts.push(...cut.map((part) => ({ part, unit: owners.units[run.owner] })));
  }
  return withSmallJoined(parts, owners, lines);
}

/** Small neighbours with the same surroundings as one part: each alone would be shown the same context. */
function withSmallJoined(parts: PartOfUnit[], owners: Owners, lines: Lines): PartOfUnit[] {
  const joined: (PartOfUnit & { readonly last: LineRange })[] = [];
  for (const next of parts.sort((a, b) => a.part.range.start - b.part.range.start)) {
    const last = joined.at(-1);
    const range = last && { start: last.part.range.start, end: next.part.range.end };
    const areJoined =
      last !== undefined &&
      range !== undefined &&
      (last.unit?.parent ?? -1) === (next.unit?.parent ?? -1) &&
      owners.isTiny(next.part.range) &&
      owners.isTiny(last.last) &&
      next.part.range.start - last.part.range.end <= 2 &&
      next.part.range.start >= last.part.range.end &&
      fitsChunk(range, lines.startOf);
    if (areJoined) {
      const all = [...last.part.lines, ...next.part.lines];
      joined[joined.length - 1] = {
        part: { range, lines: all },
        unit: last.unit,
        last: next.part.range,
      };
    } else joined.push({ ...next, last: next.part.range });
  }
  return joined;
}

/** The first line of the comments that stand directly above a line. */
function withComments(
  line: number,
  reading: WindowReading | undefined,
  lines: Lines,
  text: string,
): number {
  let first = line;
  for (const { start, end } of (reading?.comments ?? []).toReversed()) {
    if (end > lines.startOf(first)) continue;
    const from = lines.lineAt(start);
    const isAbove = lines.lineAt(end) >= first - 1 && line - from <= mostCommentLines;
    const isAlone = text.slice(lines.startOf(from), start).trim() === "";
    if (!isAbove || !isAlone) break;
    first = from;
  }
  return first;
}
