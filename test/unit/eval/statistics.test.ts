import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../scripts/eval/random.ts";
import { pairedBootstrap, shareRight } from "../../../scripts/eval/statistics.ts";

describe("pairedBootstrap", () => {
  it("puts a sure difference above zero", () => {
    const differences = Array.from({ length: 400 }, (_, i) => (i % 10 === 0 ? 1 : 0));
    const { mean, low, high } = pairedBootstrap(differences, seededRandom(1));
    expect(mean).toBeCloseTo(0.1);
    expect(low).toBeGreaterThan(0.06);
    expect(high).toBeLessThan(0.14);
  });

  it("is as wide as the normal approximation says", () => {
    const differences = Array.from({ length: 400 }, (_, i) => [1, -1, 0, 0][i % 4] ?? 0);
    const { low, high } = pairedBootstrap(differences, seededRandom(2));
    const halfWidth = 1.96 * Math.sqrt(0.5 / 400);
    expect(high - low).toBeGreaterThan(2 * halfWidth * 0.9);
    expect(high - low).toBeLessThan(2 * halfWidth * 1.1);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it("has no width where every line agrees", () => {
    expect(pairedBootstrap([0, 0, 0], seededRandom(3))).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it("gives the same interval for the same seed", () => {
    const differences = [1, 0, 0, -1, 1, 1, 0];
    const once = pairedBootstrap(differences, seededRandom(4), 500);
    expect(pairedBootstrap(differences, seededRandom(4), 500)).toEqual(once);
  });

  it("answers zero for no lines", () => {
    expect(pairedBootstrap([], seededRandom(5))).toEqual({ mean: 0, low: 0, high: 0 });
  });
});

describe("shareRight", () => {
  const check = (text: string, truth: string, share: number) =>
    expect(shareRight(text, truth)).toBeCloseTo(share);

  it("counts characters from the start up to the first wrong one", () => {
    check("abcd", "abcd", 1);
    check("abxd", "abcd", 0.5);
    check("xbcd", "abcd", 0);
  });

  it("does not punish what goes on past the truth", () => check("abcdef", "abcd", 1));

  it("counts a short answer by what it has", () => check("ab", "abcd", 0.5));
});
