import { describe, expect, it } from "vitest";
import { formatConfidence, headlineOf, summarize } from "../../../extension/findings/reviewText.ts";
import { finding, result } from "./reviewSamples.ts";

describe("the words of a review", () => {
  it.each([
    [9.12, 2, "9.1 · 2 findings"],
    [10, 0, "10 · no findings"],
    [undefined, 1, "1 finding"],
  ])("are short in the status bar", (score, shown, expected) => {
    expect(headlineOf(score === undefined ? { shown } : { score, shown })).toBe(expected);
  });

  it.each([
    [0.734, "73%"],
    [0.999, "99%"],
    [0.0001, "1%"],
  ])("never claim a certainty", (confidence, expected) => {
    expect(formatConfidence(confidence)).toBe(expected);
  });
});

describe("the message at the end of a review", () => {
  it("tells findings, lines and score, and leads to both lists", () => {
    const findings = [finding(), finding({ shown: false }), finding({ shown: false })];
    expect(summarize(result({ findings }), "a.ts")).toEqual({
      message: "a.ts: 1 finding and 2 with low confidence in 40 lines, score 9.1 of 10.",
      buttons: ["showFindings", "showLowConfidence"],
    });
  });

  it("offers nothing where there is nothing", () => {
    expect(summarize(result({ score: 10, reviewedLines: 1 }), "a.ts")).toEqual({
      message: "a.ts: no findings in 1 line, score 10 of 10.",
      buttons: [],
    });
  });

  it("says what was left out for want of time", () => {
    const { message } = summarize(result({ unreviewedChunks: 2 }), "a.ts");
    expect(message).toContain("2 parts left out for want of time");
  });

  it("says why nothing was looked at, with the settings where they decide", () => {
    const skipped = { reason: "language", detail: "" } as const;
    expect(summarize(result({ reviewedLines: 0, skipped }), "a.md")).toEqual({
      message: "a.md was not reviewed: reviews are off for this language.",
      buttons: ["openSettings"],
    });
    const minified = { reason: "minified", detail: "" } as const;
    expect(summarize(result({ reviewedLines: 0, skipped: minified }), "a.js").buttons).toEqual([]);
  });
});
