import { describe, expect, it } from "vitest";
import { pieceEnds } from "../../../server/tokens/pieceEnds.ts";
import { tokenEnds } from "../../../server/tokens/tokenEnds.ts";

/** Tokens are single bytes; those that cut a character show as U+FFFD. */
const bytes = {
  textOf: (token: number) => bytes.detokenize([token]),
  detokenize: (tokens: readonly number[]) => Buffer.from(tokens).toString("utf8"),
};

describe("ends of tokens of which only the texts are known", () => {
  it.each(["let a\r\n", "aéb", "aé b", "a👩b", "👩 x 👩;", "é", "", "日本 語", "naïve größe"])(
    "are those that the model's own pieces give, in %j",
    (text) => {
      const tokens = [...Buffer.from(text)];
      const pieces = tokens.map((token) => bytes.textOf(token));
      expect(pieceEnds(text, pieces)).toEqual(tokenEnds(bytes, text, tokens));
    },
  );

  it("are found where pieces leave out the space before a word", () => {
    expect(pieceEnds("let a = b;", ["let", "a", "=", "b", ";"])).toEqual([3, 5, 7, 9, 10]);
  });

  it("are found where the last token of a character shows all of it, and those before nothing", () => {
    const pieces = ["r", "", "ö", "", "ß", "e", " ", "", "", "", "👩", " ", "", "", "日", '";'];
    const ends = [1, 1, 2, 2, 3, 4, 5, 5, 5, 5, 7, 8, 8, 8, 9, 11];
    expect(pieceEnds('röße 👩 日";', pieces)).toEqual(ends);
  });

  it("are those of the last where tokens of several bytes cannot be read", () => {
    expect(pieceEnds("a日本 b", ["a", "\uFFFD", "\uFFFD", " b"])).toEqual([1, 1, 3, 5]);
  });

  it("ascend to the text's end whatever the pieces are", () => {
    const ends = pieceEnds("abc déf", ["x", "", "abc", "\uFFFD", "zzz", "f", "g"]);
    expect(ends).toHaveLength(7);
    expect([...ends].sort((a, b) => a - b)).toEqual(ends);
    expect(ends.at(-1)).toBe(7);
  });
});
