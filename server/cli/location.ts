import { CodedError } from "../protocol/errors.ts";
import { UsageError } from "./outcome.ts";

/** A place in a file; line and column count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Reads `FILE:LINE:COL`. The file's name may hold colons itself.
 * @throws UsageError when it is anything else.
 */
export function parseLocation(text: string): Location {
  const match = /^(.+):(\d+):(\d+)$/s.exec(text);
  const [, file, line, column] = match ?? [];
  if (file === undefined || line === undefined || column === undefined) {
    throw new UsageError(`Expected FILE:LINE:COL, got ${JSON.stringify(text)}.`);
  }
  return { file, line: Number(line), column: Number(column) };
}

/**
 * The offset of a place in a text, in UTF-16 code units. The column after a line's last character
 * is a place, too.
 * @throws CodedError `POSITION_INVALID` outside the text.
 */
export function offsetOf(text: string, { file, line, column }: Location): number {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  if (/[\r\n]$/.test(text)) lines.push("");
  const found = lines[line - 1];
  const length = found?.replace(/[\r\n]+$/, "").length ?? 0;
  if (found === undefined || column < 1 || column > length + 1) {
    const has =
      found === undefined ? `it has ${lines.length} lines` : `the line has ${length} columns`;
    throw new CodedError("POSITION_INVALID", `${file}:${line}:${column}: ${has}.`);
  }
  const before = lines.slice(0, line - 1).reduce((sum, { length: size }) => sum + size, 0);
  return before + column - 1;
}
