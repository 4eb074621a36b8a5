import { describe, expect, it } from "vitest";
import { createTextStream } from "../../../server/host/streamText.ts";

/** Tokens are indices into byte strings, as in a byte-level vocabulary. */
function streamOf(pieces: readonly Buffer[], stopStrings: readonly string[] = []) {
  const bytes = (tokens: readonly number[]) =>
    Buffer.concat(tokens.map((token) => pieces[token] ?? Buffer.alloc(0)));
  const detokenize = (tokens: readonly number[]) => bytes(tokens).toString("utf8");
  return createTextStream({ detokenize, textOf: (token) => detokenize([token]) }, stopStrings);
}

describe("the text stream", () => {
  it("waits for a character whose bytes are spread over tokens", () => {
    const emoji = Buffer.from("😀");
    const stream = streamOf([emoji.subarray(0, 1), emoji.subarray(1, 3), emoji.subarray(3)]);
    expect([0, 1, 2].map((token) => stream.push(token).text)).toEqual(["", "", "😀"]);
  });

  it("does not wait for ever for bytes that form no character", () => {
    const stream = streamOf([Buffer.from([0xff])]);
    const texts = Array.from({ length: 8 }, () => stream.push(0).text);
    expect(texts.join("")).toContain("\uFFFD");
  });

  it("stops at the first of several stop strings", () => {
    const stream = streamOf([Buffer.from("one\ntwo;three")], [";", "\n"]);
    expect(stream.push(0)).toEqual({ text: "one", stopped: true, stopString: "\n" });
  });

  it("lets go of a held beginning once the stop string cannot come any more", () => {
    const stream = streamOf([Buffer.from("a--"), Buffer.from("-b")], ["--->"]);
    expect(stream.push(0).text).toBe("a");
    expect(stream.push(1).text).toBe("---b");
    expect(stream.flush()).toBe("");
  });
});
