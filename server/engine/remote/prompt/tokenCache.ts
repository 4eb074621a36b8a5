/** What tokenises several texts at once. */
export type Tokenize = (texts: readonly string[], signal: AbortSignal) => Promise<number[][]>;

/** All but a few parts of a prompt stay the same from key to key. */
const mostTexts = 32;

/** Remembers the tokens of the texts that were asked for last. */
export function createTokenCache(tokenize: Tokenize): Tokenize {
  const known = new Map<string, number[]>();
  return async (texts, signal) => {
    const missing = [...new Set(texts.filter((text) => !known.has(text)))];
    const fresh = missing.length === 0 ? [] : await tokenize(missing, signal);
    const answer = texts.map((text) => known.get(text) ?? fresh[missing.indexOf(text)] ?? []);
    for (const [index, text] of texts.entries()) {
      known.delete(text);
      known.set(text, answer[index] ?? []);
    }
    for (const text of known.keys()) {
      if (known.size <= mostTexts) break;
      known.delete(text);
    }
    return answer;
  };
}
