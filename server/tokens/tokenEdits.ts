import type { TextChange } from "../protocol/host.ts";
import type { Token } from "./token.ts";
import { withTokens, type Tokenizing } from "./tokenizing.ts";

/** How changes of a text change its tokens: those in `[at, resumesAt)` become `tokens`. */
export interface TokenEdit {
  /** Index of the first token that differs. */
  readonly at: number;
  /** Index in the text as written from which its tokens follow in both. */
  readonly resumesAt: number;
  readonly tokens: readonly Token[];
}

/** A text as tokens. */
export interface TokenizedText {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Where each token ends, as `tokenEnds` says. */
  readonly ends: readonly number[];
}

/** Code units on both sides of a change that are tokenised with it. */
const margin = 64;
/** The two texts are in step again when so many tokens at a window's edge agree. */
const agreeing = 4;

/**
 * Finds what changes of a text do to its tokens. Only the surroundings of a change are tokenised,
 * where their tokens are provably those of the whole text: the window's own are a part of the
 * whole's, and the changed window begins and ends with the same tokens as the window. Tokenisers go
 * from left to right and look no further than the next word; where one does otherwise, or the
 * tokens disagree, the whole text is tokenised.
 */
export function tokenEditsOf(whole: TokenizedText) {
  const { text, tokens, ends } = whole;
  const sound = new Map<string, boolean>();

  function* isSound(from: number, to: number): Tokenizing<boolean> {
    const key = `${from}:${to}`;
    const known = sound.get(key);
    if (known !== undefined) return known;
    const own = yield text.slice(startOf(from), startOf(to));
    const agrees =
      own.length === to - from && own.every((token, index) => token === tokens[from + index]);
    sound.set(key, agrees);
    return agrees;
  }

  function startOf(token: number): number {
    return token === 0 ? 0 : (ends[token - 1] ?? text.length);
  }

  function* within(
    changes: readonly TextChange[],
    from: number,
    to: number,
  ): Tokenizing<TokenEdit | undefined> {
    const [start, end] = [startOf(from), startOf(to)];
    const edited = yield applied(text.slice(start, end), changes, start);
    const length = to - from;
    let before = 0;
    while (before < Math.min(length, edited.length) && edited[before] === tokens[from + before])
      before++;
    let after = 0;
    while (
      after < Math.min(length, edited.length) - before &&
      edited[edited.length - 1 - after] === tokens[to - 1 - after]
    )
      after++;
    if (from > 0 && before < agreeing) return undefined;
    if (to < tokens.length && after < agreeing) return undefined;
    return {
      at: from + before,
      resumesAt: to - after,
      tokens: edited.slice(before, edited.length - after),
    };
  }

  return {
    /** @param changes in the text, ascending, not overlapping. */
    *of(changes: readonly TextChange[]): Tokenizing<TokenEdit> {
      const first = changes[0]?.start ?? 0;
      const last = changes.at(-1)?.end ?? first;
      const from = Math.max(0, firstEndingAfter(ends, first - margin));
      const to = Math.min(tokens.length, firstEndingAfter(ends, last + margin) + 1);
      const edit = (yield* isSound(from, to)) ? yield* within(changes, from, to) : undefined;
      const found = edit ?? (yield* within(changes, 0, tokens.length));
      if (found === undefined) throw new Error("The whole text is always tokenised.");
      return found;
    },
  };
}

/** The same where texts are tokenised at once. */
export function createTokenEdits(
  model: { tokenize(text: string): readonly Token[] },
  whole: TokenizedText,
) {
  const edits = tokenEditsOf(whole);
  return {
    /** @param changes in the text, ascending, not overlapping. */
    of: (changes: readonly TextChange[]): TokenEdit =>
      withTokens(edits.of(changes), (text) => model.tokenize(text)),
  };
}

/** Index of the first token that ends behind an offset; the number of tokens if none does. */
export function firstEndingAfter(ends: readonly number[], offset: number): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `part` of a text, beginning there at `start`, with changes of that text applied. */
function applied(part: string, changes: readonly TextChange[], start: number): string {
  let result = "";
  let done = 0;
  for (const change of changes) {
    result += part.slice(done, change.start - start) + change.text;
    done = change.end - start;
  }
  return result + part.slice(done);
}
