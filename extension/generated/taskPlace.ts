import type { Range } from "../../server/protocol/review.ts";
import type { LinesOf } from "./commentTask.ts";

/** Where code is to stand in a document. */
export interface TaskPlace {
  readonly range: Range;
  /** What is to stand between the text before and the code. */
  readonly lead?: string;
}

/**
 * The place at a cursor: right there in the middle of a line and on a blank one, else on a line of
 * its own below, indented like the line above it, or deeper where that opens a block.
 * @param unit one step of indentation
 */
export function cursorPlace(
  document: LinesOf,
  cursor: { readonly line: number; readonly character: number },
  unit: string,
): TaskPlace {
  const line = document.line(cursor.line);
  const isBlank = line.trim() === "";
  const isAtEnd = line.slice(cursor.character).trim() === "";
  if (!isBlank && !isAtEnd) return { range: { start: cursor, end: cursor } };
  const end = { line: cursor.line, character: line.length };
  return isBlank
    ? { range: { start: end, end } }
    : { range: { start: end, end }, lead: `\n${indentBelow(line, unit)}` };
}

function indentBelow(line: string, unit: string): string {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  return /[{([:]\s*$/.test(line) ? indent + unit : indent;
}

/**
 * A selection without the blanks at its ends: code keeps the indentation that stands before it. One
 * of nothing but blanks stays as it is.
 */
export function withoutBlanks(document: LinesOf, selection: Range): Range {
  const { start, end } = selection;
  const textOf = (index: number): string => {
    const line = document.line(index);
    const to = index === end.line ? end.character : line.length;
    return line.slice(index === start.line ? start.character : 0, to);
  };
  const isBlank = (index: number) => textOf(index).trim() === "";
  let [first, last] = [start.line, end.line];
  while (first <= last && isBlank(first)) first += 1;
  if (first > last) return selection;
  while (isBlank(last)) last -= 1;
  const head = textOf(first);
  const tail = textOf(last);
  const offset = (index: number) => (index === start.line ? start.character : 0);
  return {
    start: { line: first, character: offset(first) + head.length - head.trimStart().length },
    end: { line: last, character: offset(last) + tail.trimEnd().length },
  };
}
