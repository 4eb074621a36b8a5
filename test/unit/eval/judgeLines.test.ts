import { describe, expect, it } from "vitest";
import type { Curve } from "../../../server/completion/show/curves.ts";
import { isRightPart, judgeLines } from "../../../scripts/eval/judgeLines.ts";
import type { MeasuredLine } from "../../../scripts/eval/measureLines.ts";

const syntax = { errorCount: () => undefined };
const curve: Curve = {
  features: ["sumLogProbability"],
  weights: [1],
  bias: 3,
  threshold: 0.5,
};

function measured(suggestion: string, truth: string, logProbability: number): MeasuredLine {
  return {
    line: {
      id: "package/a.ts:1:1",
      package: "package",
      split: "test",
      language: "typescript",
      path: "a.ts",
      before: "const a = ",
      truth,
      after: "\n",
    },
    plain: undefined,
    product: {
      restOfLine: suggestion,
      suggestion,
      tokens: [{ text: suggestion, logProbability }],
    },
  };
}

describe("judgeLines", () => {
  it("counts what is shown, what of it is right, and all lines", () => {
    const lines = [
      measured("b;", "b;", -0.1),
      measured("c;", "d;", -0.1),
      measured("e;", "e;", -9),
      measured("", "f;", 0),
    ];
    expect(judgeLines(lines, curve, 0.5, syntax)).toEqual({
      threshold: 0.5,
      all: 4,
      shown: 2,
      right: 1,
      wholeShown: 2,
      wholeRight: 1,
    });
  });

  it("shows less as the threshold rises", () => {
    const lines = [-0.1, -2.5, -4].map((log) => measured("b;", "b;", log));
    const shown = [0.1, 0.5, 0.9].map((at) => judgeLines(lines, curve, at, syntax).shown);
    expect(shown).toEqual([3, 2, 1]);
  });
});

describe("isRightPart", () => {
  const check = (part: string, truth: string, right: boolean) =>
    expect(isRightPart(part, truth)).toBe(right);

  it("takes a part that the line begins with", () => check("call(", "call(a);", true));
  it("refuses half a word", () => check("call", "caller(a);", false));
  it("refuses what the line does not have", () => check("call(b", "call(a);", false));
});
