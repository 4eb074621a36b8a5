import { expect, it } from "vitest";
import { createBudget } from "../../../../server/completion/prompt/budget.ts";
import { starCoder2 } from "../support/fakeEngine.ts";

const request = { contextTokens: 0, maxTokens: 64, withSnippets: false };

function usage(evaluatedTokens: number, prefillMs: number) {
  return {
    queueMs: 0,
    prefillMs,
    decodeMs: 0,
    evaluatedTokens,
    reusedTokens: 0,
    generatedTokens: 0,
  };
}

it("gives a slow machine few tokens and a fast one many", () => {
  const slow = createBudget({ ...starCoder2, parameters: 3e9 }, false).limits(request);
  const fast = createBudget({ ...starCoder2, parameters: 3e9 }, true).limits(request);
  expect(slow.prefix + slow.suffix).toBe(256 * 3);
  expect(fast.prefix + fast.suffix).toBeGreaterThan(500 * 3);
});

it("follows the measured speed in large steps only", () => {
  const budget = createBudget({ ...starCoder2, parameters: 3e8 }, false);
  const sizes = new Set<number>();
  for (const speed of [400, 420, 380, 430, 390, 410]) {
    budget.observe(usage(1000, (1000 * 1000) / speed), 3000);
    sizes.add(budget.limits(request).total);
  }
  expect(sizes.size).toBe(1);
  for (let count = 0; count < 20; count++) budget.observe(usage(1000, 250), 3000);
  expect(budget.limits(request).total).toBeGreaterThan(Math.max(...sizes) * 3);
});

it("parts the context two thirds before, one third after the cursor", () => {
  const limits = createBudget(starCoder2, false).limits({ ...request, contextTokens: 900 });
  expect(limits).toEqual({ prefix: 1800, suffix: 900, snippets: 0, total: 3375, tokens: 1125 });
});

it("never asks for more than the context holds", () => {
  const budget = createBudget({ ...starCoder2, contextSize: 1024 }, true);
  const { total } = budget.limits({ ...request, contextTokens: 8000 });
  expect(total).toBeLessThanOrEqual((1024 - 64) * 3);
});

it("learns how many characters a token holds", () => {
  const budget = createBudget(starCoder2, false);
  for (let count = 0; count < 10; count++) budget.observe(usage(1000, 100), 2000);
  const { total } = budget.limits({ ...request, contextTokens: 1000 });
  expect(total / 1250).toBeCloseTo(2, 1);
});
