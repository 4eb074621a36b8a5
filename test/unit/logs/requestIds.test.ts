import { expect, it } from "vitest";
import { createRequestIds } from "../../../server/logs/requestIds.ts";

it("gives a workflow an id that no later process of the same number gives", () => {
  const [one, later] = [createRequestIds("s", 1234, 5000), createRequestIds("s", 1234, 9000)];
  const ids = [one.nextWorkflow(), one.nextWorkflow(), later.nextWorkflow()];
  expect(ids).toEqual(["sya-g3ux", "sya-g3uy", "sya-g6y1"]);
});

it("gives each request an id that no other process gives", () => {
  const [one, other, cli] = [
    createRequestIds("s", 1234),
    createRequestIds("s", 1235),
    createRequestIds("c", 1234),
  ];
  const ids = [one, other, cli].flatMap((each) => [
    each.next(),
    each.next(),
    each.nextReview(),
    each.nextWarm(),
  ]);
  expect(new Set(ids).size).toBe(12);
  expect(ids.slice(0, 4)).toEqual(["sya-1", "sya-2", "sya-r1", "sya-w1"]);
});
