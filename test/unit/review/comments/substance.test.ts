import { describe, expect, it } from "vitest";
import {
  onlyRestates,
  withoutCovered,
  withoutOverlaps,
} from "../../../../server/review/comments/substance.ts";
import type { Finding } from "../../../../server/review/types.ts";

describe("what only restates the code", () => {
  it.each([
    ["Returns the total divided by the number of values.", "return total / values.length;"],
    ["This line declares a variable named total.", "let total = 0;"],
    ["values[i] should be total", "total += values[i];"],
  ])("is a description or has no words of its own: %s", (message, code) => {
    expect(onlyRestates(message, code, false)).toBe(true);
  });

  it.each([
    ["Potential division by zero.", "return total / values.length;"],
    ["The promise is never awaited, so errors are lost.", "save(file);"],
    ["Callers expect a list here, and this isn't one.", "return total;"],
    ["User input is put into the query, which allows SQL injection.", "query(`${name}`);"],
  ])("is no remark on a mistake: %s", (message, code) => {
    expect(onlyRestates(message, code, false)).toBe(false);
  });

  it("is judged less strictly where a replacement speaks for it", () => {
    expect(onlyRestates("Compare with the last index.", "i <= n", true)).toBe(false);
    expect(onlyRestates("i <= n", "i <= n", true)).toBe(true);
  });
});

function finding(start: number, end: number, rest: Partial<Finding> = {}): Finding {
  return {
    rule: "starcoder/comment",
    origin: "comment",
    start,
    end,
    message: "",
    why: "",
    confidence: 0.5,
    severity: "information",
    changes: [],
    related: [],
    tags: [],
    shown: true,
    ...rest,
  };
}

describe("one remark for one place", () => {
  it("leaves out comments that overlap a finding by likelihood, or touch it", () => {
    const comments = [finding(0, 10), finding(20, 30), finding(40, 50)];
    const findings = [
      finding(10, 12, { origin: "likelihood" }),
      finding(25, 26, { origin: "likelihood" }),
      finding(41, 42),
    ];
    expect(withoutCovered(comments, findings)).toEqual([comments[2]]);
  });

  it("leaves out nothing for a finding that is kept back and less sure", () => {
    const comments = [finding(0, 10, { confidence: 0.5 })];
    const weak = finding(0, 10, { origin: "likelihood", shown: false, confidence: 0.4 });
    expect(withoutCovered(comments, [weak])).toEqual(comments);
    expect(withoutCovered(comments, [{ ...weak, confidence: 0.6 }])).toEqual([]);
  });

  it("never leaves out a finding by likelihood", () => {
    const measured = [finding(0, 10, { origin: "likelihood" })];
    expect(withoutCovered(measured, measured)).toEqual(measured);
  });

  it("keeps the most confident of comments that overlap, in the text's order", () => {
    const late = finding(20, 30, { confidence: 0.6 });
    const weak = finding(0, 10, { confidence: 0.5 });
    const strong = finding(5, 12, { confidence: 0.9 });
    expect(withoutOverlaps([late, weak, strong])).toEqual([strong, late]);
  });
});
