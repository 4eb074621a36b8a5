import { describe, expect, it } from "vitest";
import { createTokenEdits } from "../../../server/tokens/tokenEdits.ts";
import { tokenEnds } from "../../../server/tokens/tokenEnds.ts";
import type { TextChange } from "../../../server/protocol/host.ts";
import { seededRandom } from "../../../server/host/sample.ts";

const numbers = new Map<string, number>();
const pieces: string[] = [];
function number(piece: string): number {
  const known = numbers.get(piece);
  if (known !== undefined) return known;
  numbers.set(piece, pieces.length);
  return pieces.push(piece) - 1;
}

/** Words with the space before them, cut in pieces of three letters, as vocabularies do. */
function tokenize(text: string): number[] {
  return (text.match(/ ?\w+|\s+(?!\S)|[^\s\w]+|\s/g) ?? []).flatMap((word) =>
    (word.match(/[^]{1,3}/g) ?? []).map(number),
  );
}
const textOf = (token: number): string => pieces[token] ?? "";
const detokenize = (tokens: readonly number[]): string => tokens.map(textOf).join("");

const text = Array.from(
  { length: 40 },
  (_, line) => `  const value${line} = compute(first, second) + ${line};\n`,
).join("");

function editsOf(whole: string, tokenizer: (text: string) => number[]) {
  const lengths: number[] = [];
  const counted = (part: string): number[] => {
    lengths.push(part.length);
    return tokenizer(part);
  };
  const tokens = tokenizer(whole);
  const ends = tokenEnds({ textOf, detokenize }, whole, tokens);
  return {
    tokens,
    lengths,
    edits: createTokenEdits({ tokenize: counted }, { text: whole, tokens, ends }),
  };
}

function edited(changes: readonly TextChange[]): string {
  return changes.reduceRight(
    (whole, { start, end, text: by }) => whole.slice(0, start) + by + whole.slice(end),
    text,
  );
}

describe("changes of a text's tokens", () => {
  it("are those of the whole text, found in its surroundings", () => {
    const random = seededRandom(1);
    const { tokens, lengths, edits } = editsOf(text, tokenize);
    for (let round = 0; round < 300; round++) {
      const start = Math.floor(random() * text.length);
      const end = Math.min(text.length, start + Math.floor(random() * 8));
      const by = ["", "x", "value", " ", "\n", "!", " a b "][Math.floor(random() * 7)] ?? "";
      const changes = [{ start, end, text: by }];
      const { at, resumesAt, tokens: changed } = edits.of(changes);
      const found = [...tokens.slice(0, at), ...changed, ...tokens.slice(resumesAt)];
      expect(found).toEqual(tokenize(edited(changes)));
    }
    const long = lengths.filter((length) => length > 250);
    expect(long.length).toBeLessThan(lengths.length / 10);
  });

  it("are as few as can be", () => {
    const { tokens, edits } = editsOf("let a = b;", tokenize);
    const edit = edits.of([{ start: 8, end: 9, text: "c" }]);
    expect(textOf(tokens[edit.at] ?? -1)).toBe(" b");
    expect(edit.resumesAt).toBe(edit.at + 1);
    expect(edit.tokens.map(textOf)).toEqual([" c"]);
  });

  it("span everything between several changes", () => {
    const { edits } = editsOf("f(one, two, three)", tokenize);
    const changes = [
      { start: 2, end: 5, text: "two" },
      { start: 7, end: 10, text: "one" },
    ];
    expect(detokenize(edits.of(changes).tokens)).toBe("two, one");
  });

  it("are taken from the whole text where the tokens of a part are others", () => {
    // A part that begins elsewhere is cut in pieces elsewhere.
    const blocks = (part: string): number[] => (part.match(/[^]{1,7}/g) ?? []).map(number);
    const { tokens, edits } = editsOf(text, blocks);
    const changes = [{ start: 500, end: 503, text: "something" }];
    const { at, resumesAt, tokens: changed } = edits.of(changes);
    const found = [...tokens.slice(0, at), ...changed, ...tokens.slice(resumesAt)];
    expect(found).toEqual(blocks(edited(changes)));
  });

  it("are taken from the whole text where the tokens are out of step behind a change", () => {
    const quoted = (part: string): number[] =>
      part
        .split('"')
        .flatMap((piece, index) => [
          ...(index === 0 ? [] : [number('"')]),
          ...(index % 2 === 0 ? tokenize(piece) : (piece.match(/[^]/g) ?? []).map(number)),
        ]);
    const { tokens, edits } = editsOf(text, quoted);
    const changes = [{ start: 500, end: 500, text: '"' }];
    const { at, resumesAt, tokens: changed } = edits.of(changes);
    const found = [...tokens.slice(0, at), ...changed, ...tokens.slice(resumesAt)];
    expect(found).toEqual(quoted(edited(changes)));
  });
});

describe("where tokens end", () => {
  /** Tokens are single bytes, or several; those that cut a character show as U+FFFD. */
  const bytes = {
    textOf: (token: number) => bytes.detokenize([token]),
    detokenize: (tokens: readonly number[]) => Buffer.from(tokens).toString("utf8"),
  };
  const endsOf = (whole: string) => tokenEnds(bytes, whole, [...Buffer.from(whole)]);

  it("is told in UTF-16 code units", () => {
    expect(tokenEnds({ textOf, detokenize }, "let a\r\n", tokenize("let a\r\n")).at(-1)).toBe(7);
    expect(endsOf("ab")).toEqual([1, 2]);
  });

  it("is the end of the last whole character where a token cuts one", () => {
    expect(endsOf("aéb")).toEqual([1, 1, 2, 3]);
    expect(endsOf("a👩b")).toEqual([1, 1, 1, 1, 3, 4]);
  });

  it("goes on behind a replacement character that stands in the text", () => {
    const ends = endsOf("a\uFFFDb");
    expect(ends.at(-1)).toBe(3);
    expect(ends).toHaveLength(5);
    expect([...ends].sort((a, b) => a - b)).toEqual(ends);
  });

  it("is found again behind bytes that form no text", () => {
    const long = `\uFFFD${"abcdefgh".repeat(3)}`;
    const ends = endsOf(long);
    expect(ends.at(-1)).toBe(long.length);
    expect([...ends].sort((a, b) => a - b)).toEqual(ends);
  });
});
