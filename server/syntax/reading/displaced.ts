import type { Span } from "../reading.ts";
import type { Survey } from "./survey.ts";

/** A line at the margin that begins a declaration. */
const AT_MARGIN =
  /^(?:(?:export|default|declare|async|abstract|static|final|public|private|internal|pub|open|sealed)\s+)*(?:function|class|interface|enum|type|const|let|var|def|fn|func|impl|struct|trait|mod|module|namespace|import|from|package|use|using)\b/gm;
/** Lost declarations, and errors, that are looked into at once. */
const MOST_DISPLACED = 2;
const MOST_ERRORS = 2;
const CLOSES = /^[})\]]|^end\b/;

/** Offsets of the lines that begin a declaration of the file, by their looks. */
export function declarationLines(text: string): readonly number[] {
  return [...text.matchAll(AT_MARGIN)].map(({ index }) => index);
}

/**
 * Declarations at the margin that the parser took for a part of what stands before them: a bracket is open
 * there. Ascending offsets; empty where the text has no error.
 */
export function displacedDeclarations(survey: Survey): readonly number[] {
  if (survey.errors.length === 0) return [];
  const outermost = new Set<number>();
  for (const node of survey.nodes) {
    let around = node.parent;
    while (around !== undefined && survey.table.wrappers.has(around.type)) around = around.parent;
    if (node.parent !== undefined && around?.parent === undefined) outermost.add(node.start);
  }
  return declarationLines(survey.text).filter((offset) => !outermost.has(offset));
}

/**
 * What to hide so that the parser finds its way again, the likeliest first: before a lost declaration a member or
 * statement with an error, then the whole declaration; the lost declaration itself; then members with large errors.
 */
export function culprits(
  text: string,
  displaced: readonly number[],
  errors: readonly Span[],
): readonly Span[] {
  const lines = [0, ...declarationLines(text), text.length];
  const regionOf = (offset: number): Span => ({
    start: lines.findLast((line) => line <= offset) ?? 0,
    end: lines.find((line) => line > offset) ?? text.length,
  });
  const found: Span[] = [];
  for (const offset of displaced.slice(0, MOST_DISPLACED)) {
    const before = regionOf(offset - 1);
    const within = errors.filter(({ start, end }) => start < before.end && end > before.start);
    for (const error of within.slice(-MOST_ERRORS).reverse()) {
      found.push(...memberAround(text, before, error));
    }
    found.push(before, regionOf(offset));
  }
  const large = errors.filter(({ start, end }) => text.slice(start, end).trim().includes("\n"));
  for (const error of large.slice(0, MOST_ERRORS)) {
    found.push(...memberAround(text, regionOf(error.start), error));
  }
  return found.filter(({ start, end }) => text.slice(start, end).trim() !== "");
}

function memberAround(text: string, region: Span, error: Span): readonly Span[] {
  const lines = linesIn(text, region);
  const depths = lines.map(({ indent }) => indent).filter((indent) => indent > 0);
  const depth = Math.min(...depths);
  const begins = lines.filter(({ indent, closes }) => indent === depth && !closes);
  const start = begins.findLast((line) => line.start <= error.start)?.start;
  if (start === undefined) return [];
  const next = lines.find(
    (line) => line.start > error.start && (line.indent === 0 || begins.includes(line)),
  );
  return [{ start, end: next?.start ?? region.end }];
}

interface Line {
  readonly start: number;
  readonly indent: number;
  readonly closes: boolean;
}

/** Lines that are not blank. */
function linesIn(text: string, { start, end }: Span): readonly Line[] {
  const found: Line[] = [];
  for (let at = start; at < end; at = text.indexOf("\n", at) + 1) {
    const lineEnd = text.indexOf("\n", at);
    const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    const code = line.trimStart();
    if (code !== "") {
      found.push({ start: at, indent: line.length - code.length, closes: CLOSES.test(code) });
    }
    if (lineEnd < 0) break;
  }
  return found;
}

/** The text with spaces in a span's place; line breaks stay. */
export function hide(text: string, { start, end }: Span): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, " ") + text.slice(end);
}
