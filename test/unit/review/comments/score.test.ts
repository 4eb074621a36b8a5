import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadReviewPrompts } from "../../../../server/review/comments/prompt.ts";
import { scoreByModel, scorerFor } from "../../../../server/review/comments/score.ts";
import type { Chunk, ReviewDocument } from "../../../../server/review/types.ts";
import { fakeChat, instructModel, type FakeChatOptions } from "./fakeChat.ts";

const prompts = loadReviewPrompts(
  readFileSync(new URL("../../../../prompts/review.md", import.meta.url), "utf8"),
);
const document: ReviewDocument = {
  uri: "file:///a.js",
  path: "a.js",
  languageId: "javascript",
  version: 1,
  text: "one();\ntwo();\nthree();\nfour();\n",
};
const chunkOf = (start: number, end: number, lines: Chunk["lines"]): Chunk => ({
  start,
  end,
  lines,
  name: "",
  context: "",
});
const chunks = [
  chunkOf(0, 22, [{ start: 0, end: 3 }]),
  chunkOf(22, document.text.length, [{ start: 3, end: 4 }]),
];

function score(options: FakeChatOptions, of = chunks, signal = new AbortController().signal) {
  const engine = fakeChat(options);
  return scoreByModel({ engine, prompts }, document, of, signal);
}

/** Probabilities of the grades 1 to 10. */
function grades(shares: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: 10 }, (_, index) => shares[index + 1] ?? 0);
}

describe("the score by an instruction-tuned model", () => {
  it("is the expectation over the answers, by reviewed lines", async () => {
    const outcome = await score({
      decide: ({ messages }) => ({
        probabilities: grades(messages[1]?.text.includes("four") ? { 2: 1 } : { 8: 0.5, 10: 0.5 }),
        covered: 0.9,
      }),
    });
    expect(outcome).toMatchObject({ kind: "done", score: 7.3, usage: { evaluatedTokens: 8 } });
  });

  it("is none where the model hardly answers with a number", async () => {
    const outcome = await score({
      decide: () => ({ probabilities: grades({ 7: 1 }), covered: 0.02 }),
    });
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "PARSING_ERROR" } });
  });

  it("is left to the findings where the model spreads its answer over nearly all grades", async () => {
    // As a 0.5B model answers whatever it is shown.
    const shares = [0.17, 0.06, 0.09, 0.12, 0.12, 0.1, 0.13, 0.11, 0.07, 0.03];
    const outcome = await score({ decide: () => ({ probabilities: shares, covered: 0.98 }) });
    expect(outcome).toMatchObject({ kind: "undecided", usage: { evaluatedTokens: 4 } });
  });

  it("is none where nothing was reviewed", async () => {
    expect(await score({}, [])).toMatchObject({ kind: "failed", error: { code: "PARSING_ERROR" } });
  });

  it("is cancelled by its signal", async () => {
    expect(await score({}, chunks, AbortSignal.abort())).toEqual({ kind: "cancelled" });
  });

  it("is asked of a model only where it follows instructions", async () => {
    const engine = fakeChat({ decide: () => ({ probabilities: grades({ 6: 1 }), covered: 1 }) });
    const dependencies = { engine, prompts: () => prompts, instruct: () => "auto" as const };
    expect(scorerFor(dependencies, { ...instructModel, name: "StarCoder2 3B" })).toBeUndefined();
    const scorer = scorerFor(dependencies, instructModel);
    const outcome = await scorer?.(document, chunks, new AbortController().signal);
    expect(outcome).toMatchObject({ kind: "done", score: 6 });
  });

  it("is none where a user's own prompts cannot be used", async () => {
    const unusable = () => loadReviewPrompts("");
    const dependencies = { engine: fakeChat(), prompts: unusable, instruct: () => "on" as const };
    const outcome = await scorerFor(dependencies, instructModel)?.(
      document,
      chunks,
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "PROMPT_INVALID" } });
  });
});
