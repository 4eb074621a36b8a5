import { describe, expect, it } from "vitest";
import { formatCount } from "../../../extension/modelText.ts";

describe("counts", () => {
  it.each([
    [999, "999"],
    [2_048, "2K"],
    [7_612_345, "7.6M"],
    [494_000_000, "494M"],
    [3_030_000_000, "3B"],
    [15_000_000_000, "15B"],
  ])("%d reads %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});
