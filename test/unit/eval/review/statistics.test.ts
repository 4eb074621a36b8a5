import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../scripts/eval/random.ts";
import type { BugKind } from "../../../../scripts/eval/review/inject/bugs.ts";
import type { JudgedCase } from "../../../../scripts/eval/review/judgeCases.ts";
import {
  areaUnderCurve,
  bootstrap,
  macroArea,
  macroMean,
  macroRecallAt,
  thresholdFor,
} from "../../../../scripts/eval/review/reviewStatistics.ts";

function judged(kind: BugKind, bug: number, clean: number): JudgedCase {
  const finding = (confidence: number) =>
    ({
      rule: "starcoder/negation",
      confidence,
      restores: true,
      onBugLine: true,
    }) as const;
  return { kind, language: "python", clean: [finding(clean)], bug: [finding(bug)] };
}

describe("the area under the curve", () => {
  it("is 1 where every bug scores above every clean function, and 0 the other way round", () => {
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
    expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
  });

  it("counts pairs that are in order, ties as half", () => {
    expect(areaUnderCurve([1, 3], [2])).toBe(0.5);
    expect(areaUnderCurve([2], [2])).toBe(0.5);
    expect(areaUnderCurve([2, 5], [1, 2, 3])).toBeCloseTo((1.5 + 3) / 6);
  });

  it("averages kinds, however many cases each has", () => {
    const cases = [
      judged("negation", 0.9, 0.5),
      judged("negation", 0.8, 0.5),
      judged("negation", 0.7, 0.5),
      judged("wrong-literal", 0.1, 0.5),
    ];
    expect(macroArea(cases)).toBe(0.5);
  });
});

describe("thresholds", () => {
  it("let no more than the share of clean functions through", () => {
    const scores = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    for (const share of [0, 0.1, 0.25, 0.5]) {
      const threshold = thresholdFor(scores, share);
      const flagged = scores.filter((score) => score >= threshold).length;
      expect(flagged).toBe(Math.floor(share * scores.length));
    }
  });

  it("let fewer through where scores are equal", () => {
    expect(thresholdFor([0.5, 0.5, 0.5, 0.1], 0.25)).toBeGreaterThan(0.5);
  });

  it("let everything through where all may be flagged", () => {
    expect(thresholdFor([0.5], 1)).toBe(0);
  });
});

describe("macro averages", () => {
  const cases = [
    judged("negation", 0.9, 0.2),
    judged("negation", 0.9, 0.3),
    judged("negation", 0.9, 0.4),
    judged("wrong-literal", 0.1, 0.5),
  ];

  it("count each kind once", () => {
    expect(macroMean(cases, ({ bug }) => bug[0]?.confidence ?? 0)).toBeCloseTo(0.5);
  });

  it("give recall at a share of false alarms", () => {
    expect(macroRecallAt(cases, 0)).toBe(0.5);
    expect(macroRecallAt(cases, 1)).toBe(1);
  });

  it("come with an interval that holds them and is the same for the same seed", () => {
    const mean = (drawn: readonly JudgedCase[]) =>
      macroMean(drawn, ({ clean }) => clean[0]?.confidence ?? 0);
    const first = bootstrap(cases, mean, seededRandom(1), 200);
    expect(first.low).toBeLessThan(first.mean);
    expect(first.high).toBeGreaterThan(first.mean);
    expect(bootstrap(cases, mean, seededRandom(1), 200)).toEqual(first);
  });
});
