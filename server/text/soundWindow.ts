import { indentWidth } from "./indentation.ts";
import { windowAfter, windowBefore } from "./lines.ts";

/** Share of a window that may be given up so that it starts or ends at an outer line. */
const GIVEN_UP = 0.6;
const CLOSES = /^\s*([)\]}]|end\b|else\b|elif\b|except\b|catch\b|finally\b)/;

/**
 * A window for a parser: as `windowBefore`, but starting at an outermost line, so that less of it hangs in the
 * air. What hangs there costs the parser time and hides errors that matter.
 */
export function soundBefore(before: string, lines: number, characters: number): string {
  const window = windowBefore(before, lines, characters);
  if (window.length === before.length) return window;
  const all = window.split("\n");
  const reach = Math.floor(all.length * GIVEN_UP);
  const start = outermost(all.slice(0, reach), (line) => !CLOSES.test(line));
  return start <= 0 ? window : all.slice(start).join("\n");
}

/** As `windowAfter`, but ending after an outermost line. */
export function soundAfter(after: string, lines: number, characters: number): string {
  const window = windowAfter(after, lines, characters);
  if (window.length === after.length) return window;
  const all = window.split("\n").reverse();
  // The first line is the rest of the cursor's.
  const reach = Math.min(all.length - 1, Math.floor(all.length * GIVEN_UP));
  const last = outermost(all.slice(0, reach), () => true);
  return last <= 0 ? window : all.slice(last).reverse().join("\n");
}

/** Index of the first of the least indented lines, or -1. */
function outermost(lines: readonly string[], counts: (line: string) => boolean): number {
  let best = -1;
  let least = Infinity;
  lines.forEach((line, i) => {
    if (line.trim() === "" || !counts(line)) return;
    const width = indentWidth(line);
    if (width >= least) return;
    least = width;
    best = i;
  });
  return best;
}
