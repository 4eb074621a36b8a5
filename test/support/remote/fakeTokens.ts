/** A vocabulary that needs no file: a token for each special text given, else one for each byte. */
export interface FakeVocabulary {
  /** @param special whether special tokens in the text are read as such */
  encode(text: string, special: boolean): number[];
  textOf(id: number): string;
}

/** Ids of special tokens begin after the bytes. */
export function createFakeVocabulary(special: readonly string[]): FakeVocabulary {
  const bytes = (text: string): number[] => [...Buffer.from(text)];
  return {
    encode(text, parses) {
      if (!parses || special.length === 0) return bytes(text);
      const ids: number[] = [];
      let rest = text;
      while (rest !== "") {
        const found = special
          .map((token) => ({ token, at: rest.indexOf(token) }))
          .filter(({ at }) => at >= 0)
          .sort((a, b) => a.at - b.at)[0];
        if (found === undefined) return [...ids, ...bytes(rest)];
        ids.push(...bytes(rest.slice(0, found.at)), 256 + special.indexOf(found.token));
        rest = rest.slice(found.at + found.token.length);
      }
      return ids;
    },
    textOf: (id) => special[id - 256] ?? String.fromCharCode(id),
  };
}

/** How many tokens the beginning of a prompt shares with one of those that were evaluated before. */
export function createFakePrefixCache(slots = 2): (prompt: readonly number[]) => number {
  const held: (readonly number[])[] = [];
  return (prompt) => {
    const shared = held.map((other) => {
      const differs = prompt.findIndex((id, index) => other[index] !== id);
      return differs < 0 ? prompt.length : differs;
    });
    const best = Math.max(0, ...shared);
    const at = shared.indexOf(best);
    if (best > 0) held.splice(at, 1);
    held.unshift(prompt);
    held.length = Math.min(held.length, slots);
    // The last token is always evaluated: its probabilities are wanted.
    return Math.min(best, Math.max(0, prompt.length - 1));
  };
}

/** The special tokens of StarCoder2 that completion needs. */
export const starCoderSpecial: readonly string[] = [
  "<|endoftext|>",
  "<fim_prefix>",
  "<fim_suffix>",
  "<fim_middle>",
  "<fim_pad>",
  "<repo_name>",
  "<file_sep>",
];
