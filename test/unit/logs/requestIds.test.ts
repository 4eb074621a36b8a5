import { expect, it } from "vitest";
import { createRequestIds } from "../../../server/logs/requestIds.ts";

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
