import type { Token } from "./token.ts";

/** Where texts of tokens come from. */
export interface TokenTexts {
  /** The text of a token inside a text. */
  textOf(token: Token): string;
  /** The text of several tokens, whose bytes may form characters only together. */
  detokenize(tokens: readonly Token[]): string;
}

/** After so many tokens that form no whole character, the bytes are simply invalid. */
const mostHeld = 8;

/**
 * Offset in `text`, in UTF-16 code units, at which each of its tokens ends; for a token that cuts a
 * character, that of the last whole character. Ascending; the last is the text's length.
 */
export function tokenEnds(model: TokenTexts, text: string, tokens: readonly Token[]): number[] {
  const ends: number[] = [];
  let end = 0;
  /** Tokens since `end` that form no whole characters yet. */
  let held: Token[] = [];
  for (const token of tokens) {
    held.push(token);
    const piece = held.length === 1 ? model.textOf(token) : model.detokenize(held);
    if (text.startsWith(piece, end)) {
      end += piece.length;
      held = [];
      ends.push(end);
      continue;
    }
    const whole = agreement(text, end, piece);
    if (held.length >= mostHeld) {
      end += whole;
      held = [];
      ends.push(end);
    } else {
      ends.push(end + whole);
    }
  }
  if (ends.length > 0) ends[ends.length - 1] = text.length;
  return ends;
}

/** How much of `piece` stands in `text` at `start`, never half a surrogate pair. */
export function agreement(text: string, start: number, piece: string): number {
  let length = 0;
  while (length < piece.length && text[start + length] === piece[length]) length++;
  const last = text.charCodeAt(start + length - 1);
  return length > 0 && last >= 0xd800 && last < 0xdc00 ? length - 1 : length;
}
