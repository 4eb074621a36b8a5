import type { CodeReading, Span } from "../syntax/reading.ts";
import type { Syntax } from "../syntax/syntaxService.ts";
import type { ReviewDocument } from "./types.ts";
import { windowEnd, windowStart } from "./windowStart.ts";

/** Longest text that is read at once, in UTF-16 code units; below what the parser takes. */
const longestWindow = 60_000;
/** How much of a long document's head is read for imports and declarations. */
const headLength = 20_000;

/** What is known of the code around some lines; offsets are the document's. */
export interface WindowReading {
  readonly units: CodeReading["units"];
  readonly errors: readonly Span[];
  readonly imports: readonly Span[];
  readonly declarations: CodeReading["declarations"];
  readonly comments: readonly Span[];
}

/** Lines that share a window, and what was read there; undefined: no grammar, lines must do. */
export interface LinesInWindow {
  readonly lines: readonly number[];
  readonly reading: WindowReading | undefined;
}

/**
 * Reads a document around the given lines (ascending): all of it where it is short, else in windows
 * at line boundaries, so that the cost follows the lines and not the document.
 */
export function readWindows(
  syntax: Pick<Syntax, "read">,
  document: ReviewDocument,
  starts: readonly number[],
  lines: readonly number[],
): LinesInWindow[] {
  const { text, languageId } = document;
  if (text.length <= longestWindow) {
    return [{ lines, reading: syntax.read(languageId, text) }];
  }
  const startOf = (line: number) => starts[line] ?? text.length;
  const headEnd = windowEnd(text, 0, headLength);
  const head = syntax.read(languageId, text.slice(0, headEnd));
  return clusters(lines, startOf).map((cluster) => {
    const first = cluster[0] ?? 0;
    const last = cluster.at(-1) ?? first;
    const spare = Math.max(0, longestWindow - (startOf(last + 1) - startOf(first)));
    // More room above: what stands above tells what something is part of.
    const from = windowStart(text, startOf(first) - spare * 0.6, startOf(first));
    const end = windowEnd(text, startOf(last + 1), from + longestWindow);
    const reading = syntax.read(languageId, text.slice(from, end));
    return { lines: cluster, reading: reading && moved(reading, from, head) };
  });
}

/** Lines whose span fits half a window together, so that what encloses them fits, too. */
function clusters(lines: readonly number[], startOf: (line: number) => number): number[][] {
  const all: number[][] = [];
  for (const line of lines) {
    const last = all.at(-1);
    const first = last?.[0];
    const fits = first !== undefined && startOf(line + 1) - startOf(first) <= longestWindow / 2;
    if (last !== undefined && fits) last.push(line);
    else all.push([line]);
  }
  return all;
}

function moved(reading: CodeReading, by: number, head: CodeReading | undefined): WindowReading {
  const move = <T extends Span>(span: T): T => ({
    ...span,
    start: span.start + by,
    end: span.end + by,
  });
  const own = (spans: readonly Span[]) => spans.map(move);
  const before = <T extends Span>(spans: readonly T[] | undefined) =>
    (spans ?? []).filter(({ end }) => end <= by);
  return {
    units: reading.units.map((unit) => ({ ...move(unit), body: move(unit.body) })),
    errors: own(reading.errors),
    comments: own(reading.comments),
    imports: [...before(head?.imports), ...own(reading.imports)],
    declarations: [
      ...before(head?.declarations),
      ...reading.declarations.map((each) => ({ ...move(each), header: move(each.header) })),
    ],
  };
}
