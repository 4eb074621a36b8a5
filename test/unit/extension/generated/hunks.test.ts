import { describe, expect, it } from "vitest";
import { hunksBetween, linesOf, withHunks } from "../../../../extension/generated/hunks.ts";

const before = "a\nb\nc\nd\ne\nf\ng";
const after = "a\nB\nc\nd\ne\nf\nx\ng";

const drawn = (from: string, to: string, index: number, firstLine = 1) =>
  linesOf(from, hunksBetween(from, to), index, firstLine).map(
    ({ kind, text, old, new: fresh }) =>
      `${old ?? ""}${{ same: " ", removed: "-", added: "+" }[kind]}${fresh ?? ""} ${text}`,
  );

describe("the changes between two texts", () => {
  it("are those of whole lines, each on its own", () => {
    expect(hunksBetween(before, after)).toEqual([
      { oldStart: 1, oldLines: ["b"], newStart: 1, newLines: ["B"] },
      { oldStart: 6, oldLines: [], newStart: 6, newLines: ["x"] },
    ]);
    expect(hunksBetween(before, before)).toEqual([]);
  });

  it("are one where only a line stands between them", () => {
    expect(hunksBetween("a\nb\nc", "A\nb\nC")).toEqual([
      { oldStart: 0, oldLines: ["a", "b", "c"], newStart: 0, newLines: ["A", "b", "C"] },
    ]);
  });

  it.each([
    [[], before],
    [[0], "a\nB\nc\nd\ne\nf\ng"],
    [[1], "a\nb\nc\nd\ne\nf\nx\ng"],
    [[0, 1], after],
  ])("can be made in part: %j", (made, expected) => {
    const hunks = hunksBetween(before, after);
    expect(withHunks(before, hunks, (index) => made.includes(index))).toBe(expected);
  });

  it.each([
    ["", "one\ntwo"],
    ["one\n", ""],
    ["a\n\n\nb\n", "a\nb"],
    ["x", "x\n"],
    ["same\n".repeat(40), "same\n".repeat(20) + "other\n" + "same\n".repeat(20)],
  ])("lead from one to the other: %j", (from, to) => {
    expect(withHunks(from, hunksBetween(from, to), () => true)).toBe(to);
  });

  it("are drawn with the lines around them and the numbers of the document", () => {
    expect(drawn(before, after, 0, 10)).toEqual([
      "10 10 a",
      "11- b",
      "+11 B",
      "12 12 c",
      "13 13 d",
      "14 14 e",
    ]);
    expect(drawn(before, after, 1, 10)).toEqual([
      "13 13 d",
      "14 14 e",
      "15 15 f",
      "+16 x",
      "16 17 g",
    ]);
  });

  it("are drawn with the equal line between two that are one", () => {
    expect(drawn("a\nb\nc", "A\nb\nC", 0)).toEqual(["1- a", "+1 A", "2 2 b", "3- c", "+3 C"]);
  });

  it("take no longer than a moment for texts that have nothing in common", () => {
    const lines = (of: string) =>
      Array.from({ length: 20_000 }, (_, at) => `${of}${at}`).join("\n");
    const [from, to] = [lines("a"), lines("b")];
    expect(withHunks(from, hunksBetween(from, to), () => true)).toBe(to);
  });
});
