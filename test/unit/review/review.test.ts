import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { ReviewProgress } from "../../../server/review/types.ts";
import {
  bugAt,
  createBugFinder,
  createFixture,
  documentOf,
  linesOf,
  manyLines,
  readyState,
  settle,
} from "./support/fixture.ts";

const bugs = (...lines: string[]) => lines.join("\n");
describe("a review", () => {
  it("tells findings with places, fix, fingerprint, score and recommendations", async () => {
    const { review } = createFixture();
    const result = await review("ok();\r\n\tcall(é, BUG);\r\n", { scope: "file" });
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({
      rule: "starcoder/wrong-identifier",
      category: "correctness",
      written: "BUG",
      range: { start: { line: 1, character: 9 }, end: { line: 1, character: 12 } },
      fix: {
        title: "Replace `BUG` by `fix`",
        edits: [
          {
            range: { start: { line: 1, character: 9 }, end: { line: 1, character: 12 } },
            newText: "fix",
          },
        ],
      },
    });
    expect(result.recommendations).toEqual([
      expect.objectContaining({ rule: "starcoder/wrong-identifier", count: 1, lines: [2] }),
    ]);
    expect(result.score).toBeLessThan(10);
    expect(result).toMatchObject({ reviewedLines: 2, tokensUsed: 10, unreviewedChunks: 0 });
    expect(result.reviewed).toBeUndefined();
  });

  it("keeps findings on lines that it did not look at, moved with their code", async () => {
    const { review, lookedLines } = createFixture();
    await review(bugs("one();", "BUG();", "three();"));
    lookedLines();
    const result = await review(bugs("zero();", "one();", "BUG();", "three();"));
    expect(lookedLines()).not.toContain(2);
    expect(linesOf(result)).toEqual([3]);
    expect(result.findings[0]?.fix?.edits[0]?.range.start.line).toBe(2);
  });

  it("drops findings whose code changed", async () => {
    const { review } = createFixture();
    await review(bugs("one();", "BUG();"));
    const result = await review(bugs("one();", "fix();"));
    expect(result.findings).toEqual([]);
    expect(result.score).toBe(10);
  });

  it("has the last score where nothing changed, and what was found", async () => {
    const { review, engine, finder } = createFixture();
    const first = await review("BUG();");
    engine.setState({ kind: "stopped" });
    const again = await review("BUG();  ");
    expect(again.skipped?.reason).toBe("unchanged");
    expect(again.score).toBe(first.score);
    expect(again.findings).toEqual(first.findings);
    expect(finder.looks).toHaveLength(1);
  });

  it("asks nothing again for code that it knows: undo, redo, saving again", async () => {
    const { review, finder } = createFixture();
    await review("one();\nBUG();");
    await review("one();\ntwo();");
    expect(finder.looks).toHaveLength(2);
    const undone = await review("one();\nBUG();");
    expect(finder.looks).toHaveLength(3);
    await review("one();\ntwo();");
    await review("one();\nBUG();");
    expect(finder.looks).toHaveLength(3);
    expect(linesOf(undone)).toEqual([2]);
  });

  it("asks again where the same code is to do something else", async () => {
    const { review, finder } = createFixture();
    for (const task of ["Add", "Add", "Subtract"]) {
      const document = { ...documentOf("BUG();"), purpose: { task, requirements: [] } };
      await review(document, { scope: "file" });
    }
    expect(finder.looks).toHaveLength(2);
  });

  it("asks again once another model or setting is in force", async () => {
    const { review, finder, engine, settings } = createFixture();
    await review("BUG();", { scope: "file" });
    await review("BUG();", { scope: "file" });
    expect(finder.looks).toHaveLength(1);
    settings.key = "other";
    await review("BUG();", { scope: "file" });
    if (readyState.kind !== "ready") throw new Error("not ready");
    engine.setState({ ...readyState, model: { ...readyState.model, path: "/other.gguf" } });
    await review("BUG();", { scope: "file" });
    expect(finder.looks).toHaveLength(3);
  });

  it("tells findings while it goes on, all that is known each time", async () => {
    const { review } = createFixture();
    const seen: ReviewProgress[] = [];
    const text = manyLines(90, [1, 80]);
    await review(text, { onProgress: (progress) => seen.push(progress) });
    expect(linesOf(seen[0] ?? { findings: [] })).toEqual([1]);
    expect(seen[0]?.done).toBe(0);
    expect(linesOf(seen.at(-1) ?? { findings: [] })).toEqual([1, 80]);
    expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total);
  });

  it("stops when the time allowed is used up; the rest comes with the next save", async () => {
    const { review, settings, lookedLines } = createFixture();
    settings.maxSeconds = 2;
    const text = manyLines(120, [119]);
    const first = await review(text);
    const done = lookedLines();
    expect(done.length).toBeLessThan(120);
    expect(first.unreviewedChunks).toBeGreaterThan(0);
    expect(first.reviewedLines).toBe(done.length);
    const second = await review(text);
    const rest = lookedLines();
    expect(rest[0]).toBe((done.at(-1) ?? 0) + 1);
    expect(second.unreviewedChunks).toBe(first.unreviewedChunks - 2);
  });

  it("gives a chunk up whose answer does not come", async () => {
    const { review, finder, clock, settings } = createFixture();
    settings.maxSeconds = 1;
    finder.before = (_chunk, signal) =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve({ kind: "cancelled" })),
      );
    const pending = review("one();");
    await settle();
    clock.advance(4000);
    const result = await pending;
    expect(result).toMatchObject({ unreviewedChunks: 1, reviewedLines: 0 });
    expect(result.scoreError?.code).toBe("TIMEOUT_ERROR");
  });

  it("lets the second reviewer begin when the first has seen all, and go on with the next save", async () => {
    const slow = createBugFinder();
    const quick = createBugFinder();
    [quick.costMs, slow.costMs] = [0, 1000];
    const { review, settings } = createFixture({
      dependencies: { chunkReviewers: () => [quick, slow] },
    });
    settings.maxSeconds = 1;
    const text = manyLines(90, [80]);
    const first = await review(text);
    expect(linesOf(first)).toEqual([80]);
    const parts = quick.looks.length;
    expect(parts).toBeGreaterThan(2);
    expect(first.unreviewedChunks).toBe(parts - 1);
    expect(first.score).toBeLessThan(10);
    const second = await review(text);
    expect(second.unreviewedChunks).toBe(parts - 2);
    expect([quick.looks.length, slow.looks.length]).toEqual([parts, 2]);
    expect(linesOf(second)).toEqual([80]);
  });

  it("shows the best of two findings at one place", async () => {
    const { review } = createFixture({
      dependencies: {
        chunkReviewers: () =>
          [0.6, 0.8].map((confidence) => ({
            review: () =>
              Promise.resolve({
                kind: "done",
                findings: [bugAt(0, confidence)],
                usage: undefined,
              }),
          })),
      },
    });
    const { findings } = await review("BUG();");
    expect(findings.map(({ confidence }) => confidence)).toEqual([0.8]);
  });
});

describe("a score by an instruction-tuned model", () => {
  const usage = {
    ...{ queueMs: 0, prefillMs: 1, decodeMs: 1 },
    ...{ evaluatedTokens: 5, reusedTokens: 0, generatedTokens: 1 },
  };

  it("is joined with that of the lines looked at before, by their number", async () => {
    const scores = [8, 2];
    const { review } = createFixture({
      dependencies: {
        scoreByModel: () => () =>
          Promise.resolve({ kind: "done", score: scores.shift() ?? 0, usage }),
      },
    });
    const lines = Array.from({ length: 9 }, (_, i) => `call${i}();`);
    const first = await review(lines.join("\n"));
    expect(first).toMatchObject({ score: 8, tokensUsed: 16 });
    expect((await review([...lines, "more();"].join("\n"))).score).toBe(7.4);
  });

  it("is not made up where the model gives none: findings stay, the lines are due again", async () => {
    const { review, lookedLines } = createFixture({
      dependencies: {
        scoreByModel: () => () =>
          Promise.resolve({ kind: "failed", error: new CodedError("PARSING_ERROR") }),
      },
    });
    const result = await review("BUG();");
    expect(result.score).toBeUndefined();
    expect(result.scoreError?.code).toBe("PARSING_ERROR");
    expect(linesOf(result)).toEqual([1]);
    lookedLines();
    expect((await review("BUG();")).skipped).toBeUndefined();
    // What was found comes from memory.
    expect(lookedLines()).toEqual([]);
  });
});

it("names the model and the curve that the confidences come from", async () => {
  const curve = { name: "starcoder2 3.0B", own: false };
  const { review } = createFixture({ dependencies: { curveOf: () => curve } });
  expect(await review("one();")).toMatchObject({ model: "any", curve });
});
