import type { LineIndex } from "../../text/positions.ts";
import type { Chunk, LineRange } from "../types.ts";
import type { WrittenComment } from "./schema.ts";

export interface Anchor {
  readonly start: number;
  readonly end: number;
}

/** A quote this long, in characters without white space, names its place even far from its line. */
const telling = 5;

/**
 * Where a comment's quote stands: on its line or next to it, white space apart; else anywhere in the
 * chunk where it stands once only, since models copy better than they count. Undefined where it does
 * not, or only on lines that are not under review.
 */
export function anchorOf(
  comment: Pick<WrittenComment, "line" | "quote">,
  text: string,
  index: LineIndex,
  chunk: Pick<Chunk, "start" | "end" | "lines">,
): Anchor | undefined {
  // Lines are shown with their numbers, and some models copy those too.
  const quote = withoutSpace(comment.quote.replace(/^\s*\d+\s*[:|]\s?/, "")).text;
  if (quote === "") return undefined;
  const line = comment.line - 1;
  const found = placesOf(quote, text, chunk);
  const reviewed = found.filter(({ start, end }) => isReviewed(index, chunk.lines, start, end));
  const distance = ({ start }: Anchor): number => Math.abs(index.positionAt(start).line - line);
  const nearest = reviewed.sort((a, b) => distance(a) - distance(b))[0];
  if (nearest === undefined) return undefined;
  if (distance(nearest) <= 1) return nearest;
  return found.length === 1 && quote.length >= telling ? nearest : undefined;
}

function placesOf(quote: string, text: string, chunk: Pick<Chunk, "start" | "end">): Anchor[] {
  const code = withoutSpace(text.slice(chunk.start, chunk.end));
  const places: Anchor[] = [];
  for (let at = code.text.indexOf(quote); at >= 0; at = code.text.indexOf(quote, at + 1)) {
    const start = chunk.start + (code.offsets[at] ?? 0);
    const end = chunk.start + (code.offsets[at + quote.length - 1] ?? 0) + 1;
    places.push({ start, end });
  }
  return places;
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
