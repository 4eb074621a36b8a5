import { diffArrays } from "diff";

/** Where a line of one text is in another; undefined: it is not there as it was. */
export type LineMap = (line: number) => number | undefined;

/** More than so many changed lines are not followed one by one: what lies between them is given up. */
const mostEdits = 2000;

/** The lines of a text, without their breaks, as the language server protocol counts them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}

/**
 * Maps the lines of one text to another by content, so that any kind of edit is followed: a key, many
 * cursors, a formatter, a client that sends whole documents.
 */
export function mapLines(from: readonly string[], to: readonly string[]): LineMap {
  const most = Math.min(from.length, to.length);
  let head = 0;
  while (head < most && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < most - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  const fromEnd = from.length - tail;
  const toEnd = to.length - tail;
  const middle = mapMiddle(from.slice(head, fromEnd), to.slice(head, toEnd));
  return (line) => {
    if (line < 0 || line >= from.length) return undefined;
    if (line < head) return line;
    if (line >= fromEnd) return line - fromEnd + toEnd;
    const found = middle.get(line - head);
    return found === undefined ? undefined : found + head;
  };
}

function mapMiddle(from: readonly string[], to: readonly string[]): ReadonlyMap<number, number> {
  const map = new Map<number, number>();
  if (from.length === 0 || to.length === 0) return map;
  const changes = diffArrays([...from], [...to], { maxEditLength: mostEdits });
  let at = 0;
  let there = 0;
  for (const { added, removed, count } of changes ?? []) {
    if (!added && !removed) for (let i = 0; i < count; i++) map.set(at + i, there + i);
    if (!added) at += count;
    if (!removed) there += count;
  }
  return map;
}
