import { expect, it } from "vitest";
import { historyColumns } from "../../../media/health/historyColumns.ts";
import { recentColumns } from "../../../media/health/recentColumns.ts";
import { hasNothing, stack } from "../../../media/parts/stack.ts";
import { sampleRequest, sampleStats, sampleTime } from "./samples.ts";

it("puts series on top of each other, and keeps gaps that all of them have", () => {
  expect(
    stack([
      [1, undefined, 3],
      [2, undefined, undefined],
    ]),
  ).toEqual([
    [1, null, 3],
    [3, null, 3],
  ]);
});

it("knows whether there is anything to draw", () => {
  expect(hasNothing([{ values: [] }, { values: [undefined] }])).toBe(true);
  expect(hasNothing([{ values: [undefined, 0] }])).toBe(false);
});

it("lets the newest requests stand at the right, and no more than there are places", () => {
  expect(recentColumns([sampleRequest(2), sampleRequest(1)]).x).toEqual([58, 59]);
  const many = recentColumns(Array.from({ length: 90 }, (_, index) => sampleRequest(90 - index)));
  expect([many.x.length, many.x[0], many.requests.at(-1)?.requestId]).toEqual([60, 0, "request-1"]);
});

it("draws suggestions alone: a review takes far longer", () => {
  const review = { ...sampleRequest(1), service: "review", totalMs: 9000 } as const;
  expect(recentColumns([sampleRequest(2), review]).x).toEqual([59]);
});

it("counts as rest what is neither waiting, reading nor writing, and never less than nothing", () => {
  const { requestId, time } = sampleRequest(1);
  const request = { requestId, time, service: "completion", outcome: "suggestion" } as const;
  const { rest } = recentColumns([
    { ...request, totalMs: 100, queueMs: 10, prefillMs: 20, decodeMs: 30 },
    { ...request, totalMs: 1 },
    { ...request, totalMs: 5, decodeMs: 6 },
  ]);
  expect(rest).toEqual([40, 1, 0]);
});

it("tells the median of the times, and none of no requests", () => {
  expect(recentColumns([]).medianMs).toBeUndefined();
  const at = (totalMs: number) => ({ ...sampleRequest(1), totalMs });
  expect(recentColumns([at(30), at(10), at(20)]).medianMs).toBe(20);
});

it("ends the day with the last step, and leaves out steps that go back or have no time", () => {
  const [first, second] = sampleStats.steps;
  if (first === undefined || second === undefined) throw new Error("no samples");
  const { x, range } = historyColumns([first, { ...first, time: "never" }, second, first], 0);
  expect(x).toHaveLength(2);
  expect(range[1] - range[0]).toBe(86_400);
  expect(range[1]).toBe(new Date(second.time).getTime() / 1000 + 300);
});

it("ends an empty day now", () => {
  const now = new Date(sampleTime).getTime() / 1000;
  expect(historyColumns([], now).range[1]).toBe(now + 300);
});
