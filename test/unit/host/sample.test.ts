import { describe, expect, it } from "vitest";
import { sampleToken, samplingQuery, seededRandom } from "../../../server/host/sample.ts";

const next = {
  likeliest: 0,
  likeliestLogProbability: -0.5,
  candidates: [
    { token: 0, logit: 3 },
    { token: 1, logit: 2.5 },
    { token: 2, logit: -4 },
  ],
  logNormalizer: 3.5,
};
const sampling = { temperature: 1, topP: 1, topK: 0, repetitionPenalty: 1 };

describe("sampling", () => {
  it("asks for no logits when greedy", () => {
    expect(samplingQuery({ ...sampling, temperature: 0 })).toEqual({});
  });

  it("draws in proportion to the probabilities", () => {
    const random = seededRandom(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 2000; i++) {
      const { token } = sampleToken(next, sampling, [], random);
      counts[token] = (counts[token] ?? 0) + 1;
    }
    expect((counts[0] ?? 0) / 2000).toBeCloseTo(0.62, 1);
    expect((counts[1] ?? 0) / 2000).toBeCloseTo(0.38, 1);
  });

  it("draws nothing outside the nucleus", () => {
    const random = seededRandom(2);
    for (let i = 0; i < 200; i++) {
      expect(sampleToken(next, { ...sampling, topP: 0.5 }, [], random).token).toBe(0);
    }
  });

  it("repeats itself exactly with the same seed", () => {
    const draw = () => {
      const random = seededRandom(7);
      return Array.from({ length: 20 }, () => sampleToken(next, sampling, [], random).token);
    };
    expect(draw()).toEqual(draw());
  });

  it("prefers another token to one that was just generated, and still tells its true probability", () => {
    const penalized = { ...sampling, temperature: 0, repetitionPenalty: 1.5 };
    const chosen = sampleToken(next, penalized, [0], () => 0);
    expect(chosen).toEqual({ token: 1, logProbability: -1 });
  });
});
