import type { Span } from "../reading.ts";
import { declarationLines } from "./displaced.ts";

/** Lost declarations, and errors, that are looked into at once. */
const MOST_DISPLACED = 2;
const MOST_ERRORS = 2;
/** A line that ends something. */
const CLOSES = /^[})\]]|^end\b/;

/** One part, or members of which those that are broken are meant. */
export type Suspect = { readonly part: Span } | { readonly members: readonly Span[] };

/**
 * What to hide so that the parser finds its way again, the likeliest first. Before a lost declaration: a member or
 * statement with an error, the broken members, all of it; the lost declaration itself; then the same for large
 * errors.
 */
export function suspects(
  text: string,
  displaced: readonly number[],
  errors: readonly Span[],
): readonly Suspect[] {
  const regionOf = regionsOf(text);
  const found: Suspect[] = [];
  const add = (part: Span): void => {
    if (text.slice(part.start, part.end).trim() !== "") found.push({ part });
  };
  for (const offset of displaced.slice(0, MOST_DISPLACED)) {
    const before = regionOf(offset - 1);
    const within = errors.filter(({ start, end }) => start < before.end && end > before.start);
    for (const error of within.slice(-MOST_ERRORS).reverse()) {
      memberAround(text, before, error).forEach(add);
    }
    found.push({ members: membersOf(text, before) });
    add(before);
    add(regionOf(offset));
  }
  for (const error of largest(text, errors)) {
    const region = regionOf(error.start);
    memberAround(text, region, error).forEach(add);
    found.push({ members: membersOf(text, region) });
  }
  return found;
}

/** Errors of more than a line, the first ones. */
function largest(text: string, errors: readonly Span[]): readonly Span[] {
  const isLarge = ({ start, end }: Span): boolean => text.slice(start, end).trim().includes("\n");
  return errors.filter(isLarge).slice(0, MOST_ERRORS);
}

/** From a declaration at the margin up to the next, by an offset in it. */
function regionsOf(text: string): (offset: number) => Span {
  const lines = [0, ...declarationLines(text), text.length];
  return (offset) => ({
    start: lines.findLast((line) => line <= offset) ?? 0,
    end: lines.find((line) => line > offset) ?? text.length,
  });
}

/** By the least indentation that more than one line has. */
function membersOf(text: string, region: Span): readonly Span[] {
  const lines = linesIn(text, region);
  const depths = [...new Set(lines.map(({ indent }) => indent))].sort((a, b) => a - b);
  for (const depth of depths.filter((indent) => indent > 0)) {
    const begins = lines.filter(({ indent, closes }) => indent === depth && !closes);
    if (begins.length < 2) continue;
    return begins.map(({ start }) => ({
      start,
      end:
        lines.find((line) => line.start > start && (line.indent < depth || begins.includes(line)))
          ?.start ?? region.end,
    }));
  }
  return [];
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
