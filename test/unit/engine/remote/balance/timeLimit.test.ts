import { expect, test } from "vitest";
import { createHedgeBudget } from "../../../../../server/engine/remote/balance/hedgeBudget.ts";
import { createLatencyWindow } from "../../../../../server/engine/remote/balance/latencyWindow.ts";
import { timeLimitMs } from "../../../../../server/engine/remote/balance/timeLimit.ts";

function windowOf(times: readonly number[]) {
  const window = createLatencyWindow(100);
  for (const ms of times) window.add(ms);
  return window;
}

test("The limit is twice what nineteen of twenty first tokens take", () => {
  const times = Array.from({ length: 100 }, (_, index) => (index + 1) * 10);
  expect(timeLimitMs(windowOf(times), 30_000)).toBe(1900);
});

test("It is never below a quarter of a second nor above the setting", () => {
  expect(timeLimitMs(windowOf(Array.from({ length: 50 }, () => 20)), 30_000)).toBe(250);
  expect(timeLimitMs(windowOf(Array.from({ length: 50 }, () => 9000)), 10_000)).toBe(10_000);
});

test("Some few times say nothing yet", () => {
  expect(timeLimitMs(windowOf([10, 20]), 30_000)).toBe(5000);
  expect(timeLimitMs(windowOf([]), 2000)).toBe(2000);
});

test("Old times are forgotten", () => {
  const window = createLatencyWindow(3);
  for (const ms of [1000, 1, 2, 3]) window.add(ms);
  expect(window.percentile(1)).toBe(3);
  expect(window.percentile(0)).toBe(1);
  expect(createLatencyWindow(3).percentile(0.5)).toBeUndefined();
});

test("Of many late requests only one in twenty is asked twice, once what was saved is used up", () => {
  const budget = createHedgeBudget();
  let taken = 0;
  for (let request = 0; request < 1000; request += 1) {
    budget.earn();
    if (!budget.has) continue;
    budget.take();
    taken += 1;
  }
  expect(taken).toBeGreaterThan(60);
  expect(taken).toBeLessThanOrEqual(16 + 50);
});
