import type { Span } from "../reading.ts";
import { declarationLines } from "./displaced.ts";

/** Lost declarations, and errors, that are looked into at once. */
const MOST_DISPLACED = 2;
const MOST_ERRORS = 2;
/** A line that goes on with, or ends, what begins before it. */
const GOES_ON = /^[{})\]]|^(?:end|else|elif|elsif|catch|except|finally|rescue|ensure|when|case)\b/;

/** One part, or members of which those that are broken are meant. */
export type Suspect = { readonly part: Span } | { readonly members: readonly Span[] };

/**
 * What to hide so that the parser finds its way again, the least first: members and statements with an error, before
 * a lost declaration or large; all broken members there; the declaration before a lost one; the lost one itself.
 */
export function suspects(
  text: string,
  displaced: readonly number[],
  errors: readonly Span[],
): readonly Suspect[] {
  const regionOf = regionsOf(text);
  const lost = displaced.slice(0, MOST_DISPLACED);
  const large = largest(text, errors);
  const parts: Span[] = [];
  for (const region of lost.map((offset) => regionOf(offset - 1))) {
    const within = errors.filter(({ start, end }) => start < region.end && end > region.start);
    for (const error of within.slice(-MOST_ERRORS).reverse()) {
      parts.push(...memberAround(text, region, error));
    }
  }
  for (const error of large) parts.push(...memberAround(text, regionOf(error.start), error));
  const regions = [
    ...lost.map((offset) => regionOf(offset - 1)),
    ...large.map(({ start }) => regionOf(start)),
  ];
  const wholes = lost.flatMap((offset) => [regionOf(offset - 1), regionOf(offset)]);
  const isText = ({ start, end }: Span): boolean => text.slice(start, end).trim() !== "";
  return [
    ...parts.filter(isText).map((part) => ({ part })),
    ...regions.map((region) => ({ members: membersOf(text, region) })),
    ...wholes.filter(isText).map((part) => ({ part })),
  ];
}

/** A bracket that closes nothing: a declaration was taken to end before it does. */
export function isStray(code: string): boolean {
  return /^(?:[})\];]|end\b)(?:[\s})\];]|\bend\b)*$/.test(code.trim());
}

/** Errors of more than a line, and of more than themselves, the first ones. */
function largest(text: string, errors: readonly Span[]): readonly Span[] {
  return errors
    .filter(({ start, end }) => {
      const code = text.slice(start, end).trim();
      return code.includes("\n") || isStray(code);
    })
    .slice(0, MOST_ERRORS);
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
    const begins = lines.filter(({ indent, goesOn }) => indent === depth && !goesOn);
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
  const isAround = ({ start, end }: Span): boolean => start <= error.start && error.start < end;
  return membersOf(text, region).filter(isAround);
}

interface Line {
  readonly start: number;
  readonly indent: number;
  readonly goesOn: boolean;
}

/** Lines that are not blank. */
function linesIn(text: string, { start, end }: Span): readonly Line[] {
  const found: Line[] = [];
  for (let at = start; at < end; at = text.indexOf("\n", at) + 1) {
    const lineEnd = text.indexOf("\n", at);
    const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    const code = line.trimStart();
    if (code !== "") {
      found.push({ start: at, indent: line.length - code.length, goesOn: GOES_ON.test(code) });
    }
    if (lineEnd < 0) break;
  }
  return found;
}

/** The text with spaces in a span's place; line breaks stay. */
export function hide(text: string, { start, end }: Span): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, " ") + text.slice(end);
}
