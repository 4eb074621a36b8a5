import { describe, expect, it } from "vitest";
import type { ReviewFinding } from "../../../server/protocol/review.ts";
import { recommend } from "../../../server/review/recommend.ts";
import { scoreOf } from "../../../server/review/score.ts";

function finding(more: Partial<ReviewFinding> = {}, line = 0): ReviewFinding {
  return {
    ...{ rule: "starcoder/wrong-identifier", origin: "likelihood", category: "correctness" },
    ...{ severity: "warning", message: "Did you mean `a`?", why: "", confidence: 0.9 },
    ...{ shown: true, written: "b", related: [], tags: [], fingerprint: "f" },
    range: { start: { line, character: 0 }, end: { line, character: 1 } },
    ...more,
  };
}

describe("the score", () => {
  it("is 10 only where nothing is likely, and absent where nothing was looked at", () => {
    expect(scoreOf([], 30)).toBe(10);
    expect(scoreOf([finding({ shown: false, confidence: 0.3 })], 30)).toBe(10);
    expect(scoreOf([finding({ severity: "hint", confidence: 0.01 })], 30_000)).toBe(9.9);
    expect(scoreOf([], 0)).toBeUndefined();
  });

  it("falls with each finding, its confidence and its severity, and never below 1", () => {
    const one = scoreOf([finding()], 40) ?? 0;
    expect(scoreOf([finding(), finding()], 40)).toBeLessThan(one);
    expect(scoreOf([finding({ confidence: 0.5 })], 40)).toBeGreaterThan(one);
    expect(scoreOf([finding({ severity: "error" })], 40)).toBeLessThan(one);
    expect(scoreOf([finding({ shown: false })], 40)).toBeGreaterThan(one);
    expect(
      scoreOf(
        Array.from({ length: 100 }, () => finding()),
        40,
      ),
    ).toBe(1);
  });

  it("weighs the same finding less in more code", () => {
    expect(scoreOf([finding()], 400)).toBeGreaterThan(scoreOf([finding()], 40) ?? 10);
    expect(scoreOf([finding()], 1)).toBe(scoreOf([finding()], 40));
  });
});

describe("recommendations", () => {
  it("sum up what is drawn by rule, the most useful first", () => {
    const hint = { rule: "starcoder/wrong-literal", severity: "hint", confidence: 0.95 } as const;
    const all = recommend([
      finding(hint, 1),
      finding({ confidence: 0.5 }, 9),
      finding({ confidence: 0.5 }, 3),
      finding({ shown: false }, 5),
    ]);
    expect(all.map(({ rule, count, lines }) => [rule, count, lines])).toEqual([
      ["starcoder/wrong-identifier", 2, [4, 10]],
      ["starcoder/wrong-literal", 1, [2]],
    ]);
    expect(all[0]?.confidence).toBeCloseTo(0.75);
    expect(all[0]?.message).toBe("Check which variable is meant (2 places).");
  });

  it("say a single comment in its own words", () => {
    const comment = {
      rule: "starcoder/comment",
      category: "security",
      message: "Escape it.",
    } as const;
    expect(recommend([finding(comment)])[0]).toMatchObject({
      category: "security",
      message: "Escape it.",
    });
  });
});
