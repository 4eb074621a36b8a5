import { agreement } from "./tokenEnds.ts";

/** A token that cuts characters, or leaves out a space, hides at most so many code units. */
const mostHidden = 4;

/**
 * Offset in `text` at which each of its tokens ends, as `tokenEnds` tells it, where only the tokens'
 * texts are known, one by one: some show half characters as U+FFFD or as nothing, some leave out a
 * space before a word. Tokens that cannot be read reach to where the next one fits that can be: where they are as
 * many as the bytes there, each is one; otherwise only the end of the last is told.
 */
export function pieceEnds(text: string, pieces: readonly string[]): number[] {
  const ends: number[] = [];
  let end = 0;
  /** How many tokens since `end` could not be read, and how far what they show agrees. */
  let hidden = 0;
  let agreed = 0;
  let isCut = false;

  function reveal(upTo: number): void {
    const bytes = byteEnds(text, end, upTo);
    const known = bytes.length === hidden ? bytes : [upTo];
    ends.splice(ends.length - known.length, known.length, ...known);
  }

  for (const piece of pieces) {
    const least = end + Math.max(agreed, isCut ? 1 : 0);
    const start = isBroken(piece) ? -1 : text.indexOf(piece, least);
    if (start >= 0 && start <= end + 1 + hidden * mostHidden) {
      if (start > end && hidden > 0) reveal(start);
      [hidden, agreed, isCut] = [0, 0, false];
      end = start + piece.length;
      ends.push(end);
      continue;
    }
    if (hidden === 0) agreed = agreement(text, end, piece);
    // A token without text may have left all of a character to the next.
    if (piece !== "") isCut = true;
    hidden++;
    ends.push(end + agreed);
  }
  if (hidden > 0) reveal(text.length);
  if (ends.length > 0) ends[ends.length - 1] = text.length;
  return ends;
}

function isBroken(piece: string): boolean {
  return piece === "" || piece.includes("\uFFFD");
}

/** For each byte of a part of a text where the whole characters up to it end. */
function byteEnds(text: string, start: number, end: number): number[] {
  const ends: number[] = [];
  let at = start;
  for (const character of text.slice(start, end)) {
    const code = character.codePointAt(0) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let byte = 1; byte < bytes; byte++) ends.push(at);
    at += character.length;
    ends.push(at);
  }
  return ends;
}
