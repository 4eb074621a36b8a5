import { describe, expect, it } from "vitest";
import {
  addDuration,
  addHistogram,
  createHistogram,
  summarize,
} from "../../../server/health/stats/histogram.ts";

const of = (durations: readonly number[]) => {
  const histogram = createHistogram();
  for (const duration of durations) addDuration(histogram, duration);
  return histogram;
};

/** Nearest rank, exactly. */
function exact(durations: readonly number[], share: number): number {
  const ascending = [...durations].sort((a, b) => a - b);
  return ascending[Math.max(1, Math.ceil(share * ascending.length)) - 1] ?? 0;
}

/** Durations as requests have them: most short, some very long. Repeatable. */
const likeRequests = Array.from({ length: 5000 }, (_, index) => {
  const random = ((index * 7919) % 5000) / 5000;
  return 0.2 * Math.exp(random * 12);
});

describe("a histogram of durations", () => {
  it.each([
    ["like those of requests", likeRequests],
    ["evenly spread", Array.from({ length: 1000 }, (_, index) => index + 1)],
    ["all the same", Array.from({ length: 10 }, () => 37)],
    ["two far apart", [1, 100_000]],
    ["one", [123.4]],
  ])("tells percentiles within 5 %% of durations %s", (_, durations) => {
    const summary = summarize(of(durations));
    expect(summary.count).toBe(durations.length);
    expect(summary.max).toBe(Math.max(...durations));
    for (const [share, told] of [
      [0.5, summary.p50],
      [0.9, summary.p90],
      [0.95, summary.p95],
      [0.99, summary.p99],
    ] as const) {
      const truth = exact(durations, share);
      expect(Math.abs(told - truth) / truth).toBeLessThanOrEqual(0.05);
    }
  });

  it("tells the same of two that were added up as of all in one", () => {
    const half = createHistogram();
    addHistogram(half, of(likeRequests.slice(0, 1000)));
    addHistogram(half, of(likeRequests.slice(1000)));
    expect(summarize(half)).toEqual(summarize(of(likeRequests)));
  });

  it("takes what is no duration for none, and what is beyond bounds for the bound", () => {
    const { p50, max, count } = summarize(of([0, -5, Number.NaN]));
    expect({ p50, max, count }).toEqual({ p50: 0, max: 0, count: 3 });
    expect(Object.keys(of([1e30]).buckets)).toEqual(["200"]);
  });

  it("is all zeros when empty", () => {
    expect(summarize(createHistogram())).toEqual({
      ...{ count: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 },
    });
  });
});
