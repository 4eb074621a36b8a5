import { describe, expect, it } from "vitest";
import { fitLogistic, predict } from "../../../scripts/eval/logistic.ts";
import { seededRandom } from "../../../scripts/eval/random.ts";

function draw(count: number, bias: number, weights: readonly number[], seed: number) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, () => weights.map(() => random() * 6 - 3));
  const labels = rows.map((row) => random() < predict({ weights, bias }, row));
  return { rows, labels };
}

describe("fitLogistic", () => {
  it("finds the curve that the labels were drawn from", () => {
    const { rows, labels } = draw(4000, 0.5, [1, -2], 1);
    const { weights, bias } = fitLogistic(rows, labels, 0.01);
    expect(bias).toBeCloseTo(0.5, 0);
    expect(weights[0]).toBeCloseTo(1, 0);
    expect(weights[1]).toBeCloseTo(-2, 0);
  });

  it("is calibrated: probabilities add up to the number of right ones", () => {
    const { rows, labels } = draw(500, -1, [0.7, 0.1], 2);
    const model = fitLogistic(rows, labels, 1);
    const expected = rows.reduce((sum, row) => sum + predict(model, row), 0);
    expect(expected).toBeCloseTo(labels.filter(Boolean).length, 1);
  });

  it("gives the same probabilities in other units", () => {
    const { rows, labels } = draw(300, 0, [1], 3);
    const plain = fitLogistic(rows, labels, 2);
    const scaled = fitLogistic(
      rows.map((row) => row.map((value) => value * 1000 + 5)),
      labels,
      2,
    );
    expect(predict(scaled, [1005])).toBeCloseTo(predict(plain, [1]), 6);
  });

  it("stays finite on separable labels", () => {
    const { weights, bias } = fitLogistic([[-1], [-2], [1], [2]], [false, false, true, true], 1);
    expect(weights[0]).toBeGreaterThan(0);
    expect(Number.isFinite(weights[0]) && Number.isFinite(bias)).toBe(true);
  });

  it("gives a feature that never varies no weight", () => {
    const { weights } = fitLogistic(
      [
        [1, 7],
        [2, 7],
        [3, 7],
      ],
      [false, true, true],
      1,
    );
    expect(weights[1]).toBe(0);
  });

  it("stays finite when all labels agree", () => {
    const model = fitLogistic([[1], [2], [3]], [true, true, true], 1);
    expect(predict(model, [2])).toBeGreaterThan(0.9);
    expect(Number.isFinite(model.bias)).toBe(true);
  });

  it("shrinks weights as the penalty grows", () => {
    const { rows, labels } = draw(200, 0, [2], 4);
    const [loose, tight] = [0.1, 100].map((l2) => fitLogistic(rows, labels, l2).weights[0] ?? 0);
    expect(tight).toBeLessThan(loose ?? 0);
  });
});
