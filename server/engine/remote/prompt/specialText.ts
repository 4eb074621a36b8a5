import type { Tokenize } from "./tokenCache.ts";

/**
 * Text that a tokenizer could read as a special token: something in angle or square brackets, without
 * white space. Wider than what any vocabulary has, since a miss would let user text steer the model.
 */
const bracketed = /▁?[<[][^\s<>[\]]{1,48}[>\]]/gu;

/** Whether a text has to be looked at before it may be sent. */
export function mayHoldSpecial(text: string): boolean {
  return bracketedIn(text).length > 0;
}

function bracketedIn(text: string): string[] {
  return [...new Set(text.match(bracketed))];
}

/** What tells whether a text has special tokens in it, and parts it where it has. */
export interface SpecialText {
  /** @returns which bracketed pieces of the texts the vocabulary holds as one token */
  findIn(texts: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>;
}

/** A file of HTML has some hundred different tags. */
const mostKnown = 2000;

/**
 * For servers whose tokenizer reads special tokens in every text: a bracketed piece is taken for one
 * where it becomes a single token by itself.
 */
export function createSpecialText(tokenize: Tokenize): SpecialText {
  const known = new Map<string, boolean>();
  return {
    async findIn(texts, signal) {
      const pieces = [...new Set(texts.flatMap(bracketedIn))];
      const missing = pieces.filter((piece) => !known.has(piece));
      const tokens = missing.length === 0 ? [] : await tokenize(missing, signal);
      if (known.size > mostKnown) known.clear();
      for (const [index, piece] of missing.entries()) {
        known.set(piece, (tokens[index] ?? []).length <= 1);
      }
      return new Set(pieces.filter((piece) => known.get(piece) === true));
    },
  };
}

/** Parts a text inside each of the pieces, so that none of the parts holds one whole. */
export function partedAt(text: string, pieces: ReadonlySet<string>): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { 0: piece, index } of text.matchAll(bracketed)) {
    if (!pieces.has(piece)) continue;
    // After its first sign, which may be a ▁ that belongs to it.
    const at = index + (piece.startsWith("▁") ? 2 : 1);
    parts.push(text.slice(from, at));
    from = at;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}
