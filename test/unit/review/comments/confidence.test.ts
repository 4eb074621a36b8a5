import { describe, expect, it } from "vitest";
import { confidenceOf } from "../../../../server/review/comments/confidence.ts";

describe("the confidence of a comment", () => {
  it("is the model's agreement where there is no replacement", () => {
    expect(confidenceOf(0.7, undefined)).toBe(0.7);
  });

  it("is raised by the replacement's odds", () => {
    expect(confidenceOf(0.5, 5.5)).toBeCloseTo(0.5, 5);
    expect(confidenceOf(0.5, 10)).toBeGreaterThan(0.95);
    expect(confidenceOf(0.3, 10)).toBeGreaterThan(confidenceOf(0.3, 8));
    expect(confidenceOf(0.9, 7)).toBeGreaterThan(confidenceOf(0.6, 7));
  });

  it("is not lowered by them", () => {
    expect(confidenceOf(0.8, -10)).toBe(0.8);
  });

  it("is not certain for odds alone where the model says no", () => {
    expect(confidenceOf(0, 6)).toBeLessThan(0.1);
  });
});
