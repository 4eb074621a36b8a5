import { agreement } from "./tokenEnds.ts";

/** A token that cuts characters, or leaves out a space, hides at most so many code units. */
const mostHidden = 4;

/**
 * Offset in `text` at which each of its tokens ends, as `tokenEnds` tells it, where only the tokens'
 * texts are known, one by one: some show half characters as U+FFFD, some leave out a space before a
 * word. What cannot be read is as long as it must be for the next token that can be read to fit; of
 * several such characters in a row only where the last ends is told.
 */
export function pieceEnds(text: string, pieces: readonly string[]): number[] {
  const ends: number[] = [];
  let end = 0;
  /** How many tokens since `end` could not be read, and how far what they show agrees. */
  let hidden = 0;
  let agreed = 0;
  for (const piece of pieces) {
    const least = end + (hidden === 0 ? 0 : Math.max(1, agreed));
    const start = isBroken(piece) ? -1 : text.indexOf(piece, least);
    if (start >= 0 && start <= end + 1 + hidden * mostHidden) {
      if (hidden > 0) ends[ends.length - 1] = start;
      [hidden, agreed] = [0, 0];
      end = start + piece.length;
      ends.push(end);
      continue;
    }
    if (hidden === 0) agreed = agreement(text, end, piece);
    hidden++;
    ends.push(end + agreed);
  }
  if (ends.length > 0) ends[ends.length - 1] = text.length;
  return ends;
}

function isBroken(piece: string): boolean {
  return piece === "" || piece.includes("\uFFFD");
}
