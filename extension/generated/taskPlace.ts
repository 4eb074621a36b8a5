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

/** A selection without the blanks at its ends: code keeps the indentation that stands before it. */
export function withoutBlanks(document: LinesOf, selection: Range): Range {
  let { start, end } = selection;
  const isAfter = () => end.line > start.line || end.character > start.character;
  while (isAfter()) {
    const rest = document.line(start.line).slice(start.character);
    const blanks = rest.length - rest.trimStart().length;
    if (blanks < rest.length) {
      start = { ...start, character: start.character + blanks };
      break;
    }
    if (start.line >= end.line) return selection;
    start = { line: start.line + 1, character: 0 };
  }
  while (isAfter()) {
    const text = document.line(end.line).slice(0, end.character).trimEnd();
    if (text !== "") return { start, end: { ...end, character: text.length } };
    end = { line: end.line - 1, character: document.line(Math.max(0, end.line - 1)).length };
  }
  return { start, end };
}
