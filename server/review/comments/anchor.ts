import type { LineIndex } from "../../text/positions.ts";
import type { Chunk, LineRange } from "../types.ts";
import type { WrittenComment } from "./schema.ts";

export interface Anchor {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a comment's quote stands: on its line or next to it, white space apart. Undefined where it
 * does not, or where it stands on lines that are not under review.
 */
export function anchorOf(
  comment: Pick<WrittenComment, "line" | "quote">,
  text: string,
  index: LineIndex,
  chunk: Pick<Chunk, "start" | "end" | "lines">,
): Anchor | undefined {
  // Lines are shown with their numbers, and some models copy those too.
  const quote = withoutSpace(comment.quote.replace(/^\s*\d+\s*[:|]\s?/, ""));
  if (quote.text === "") return undefined;
  const line = comment.line - 1;
  const from = Math.max(chunk.start, index.startOf(line - 1));
  // The quote begins on one of these lines; it may end further down.
  const lastStart = Math.min(chunk.end, index.startOf(line + 2));
  const window = withoutSpace(text.slice(from, chunk.end));
  let best: Anchor | undefined;
  for (let at = window.text.indexOf(quote.text); at >= 0;) {
    const start = from + (window.offsets[at] ?? 0);
    if (start >= lastStart) break;
    const end = from + (window.offsets[at + quote.text.length - 1] ?? 0) + 1;
    if (isReviewed(index, chunk.lines, start, end) && isNearer(index, line, start, best)) {
      best = { start, end };
    }
    at = window.text.indexOf(quote.text, at + 1);
  }
  return best;
}

function isNearer(index: LineIndex, line: number, start: number, best?: Anchor): boolean {
  const distance = (offset: number): number => Math.abs(index.positionAt(offset).line - line);
  return best === undefined || distance(start) < distance(best.start);
}

function isReviewed(
  index: LineIndex,
  lines: readonly LineRange[],
  start: number,
  end: number,
): boolean {
  const first = index.positionAt(start).line;
  const last = index.positionAt(end).line;
  return lines.some((range) => first < range.end && last >= range.start);
}

/** A text without white space, and where each of its code units came from. */
function withoutSpace(text: string): { readonly text: string; readonly offsets: number[] } {
  const offsets: number[] = [];
  let kept = "";
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at);
    if (/\s/.test(unit)) continue;
    kept += unit;
    offsets.push(at);
  }
  return { text: kept, offsets };
}
