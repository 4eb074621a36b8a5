import { describe, expect, it } from "vitest";
import {
  ASSUMED_FAULTY_SHARE,
  confidenceOf,
} from "../../../../server/review/likelihood/calibrate.ts";
import { curveFor, curves, type FittedCurve } from "../../../../server/review/likelihood/curves.ts";
import {
  featureNames,
  featuresOf,
  type FeatureInput,
} from "../../../../server/review/likelihood/features.ts";

const curve: FittedCurve = {
  family: "starcoder2",
  parameters: 3e9,
  fittedOn: "nothing",
  faultyShare: ASSUMED_FAULTY_SHARE,
  features: ["total"],
  weights: [1],
  bias: -6,
  threshold: 0.5,
  quiet: [],
};

function input(change: number, after: number): FeatureInput {
  return {
    rule: "starcoder/negation",
    languageId: "python",
    odds: { change, after, complete: true },
    first: change,
    written: -4,
    best: -1,
    meanSurprise: 1,
    facts: {},
    fragments: { written: 0, edited: 0, writtenWide: 0, editedWide: 0 },
    rival: 0,
    siteRival: 0,
    sameElsewhere: 0,
    alternatives: 1,
  };
}

describe("the confidence", () => {
  it("is one half where the curve says so, and grows with the odds", () => {
    expect(confidenceOf(featuresOf(input(4, 2)), curve)).toBeCloseTo(0.5);
    expect(confidenceOf(featuresOf(input(8, 2)), curve)).toBeCloseTo(1 / (1 + Math.exp(-4)));
  });

  it("claims less than a curve that was fitted where more functions were faulty", () => {
    const values = featuresOf(input(4, 2));
    const odds = 0.1 / 0.9;
    expect(confidenceOf(values, { ...curve, faultyShare: 0.5 })).toBeCloseTo(odds / (1 + odds));
  });

  it("is never a value that is no number", () => {
    const values = featuresOf(input(Number.NaN, Number.POSITIVE_INFINITY));
    expect(values.every(Number.isFinite)).toBe(true);
    expect(confidenceOf(values, curve)).toBeGreaterThanOrEqual(0);
  });

  it("does not count features that it does not know", () => {
    const other = { ...curve, features: ["total", "gone"], weights: [1, 5] };
    expect(confidenceOf(featuresOf(input(4, 2)), other)).toBeCloseTo(0.5);
  });
});

describe("the curve of a model", () => {
  const small = { ...curve, parameters: 7e6 };
  const other = { ...curve, family: "qwen2.5-coder", parameters: 6e8 };

  it("is that of its family and size where there is one", () => {
    const chosen = curveFor({ parameters: 6.3e8 }, "qwen2.5-coder", [small, curve, other]);
    expect(chosen).toEqual({ curve: other, name: "qwen2.5-coder 0.6B", own: true });
  });

  it("is the nearest in size of its family otherwise, and says that it is not its own", () => {
    const chosen = curveFor({ parameters: 7e9 }, "starcoder2", [small, curve, other]);
    expect(chosen).toMatchObject({ curve, own: false });
  });

  it("is another family's where its own is much further away in size", () => {
    const chosen = curveFor({ parameters: 5e8 }, "starcoder2", [small, other]);
    expect(chosen).toMatchObject({ curve: other, own: false });
  });

  it("names features that exist, and has a weight for each", () => {
    for (const each of curves) {
      expect(featureNames).toEqual(expect.arrayContaining([...each.features]));
      expect(each.weights).toHaveLength(each.features.length);
      expect(each.threshold).toBeGreaterThan(0);
      expect(each.threshold).toBeLessThan(1);
    }
  });
});
