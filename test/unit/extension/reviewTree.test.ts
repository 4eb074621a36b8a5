import { describe, expect, it } from "vitest";
import {
  reviewRows,
  type ReviewRow,
  type ReviewTreeInput,
} from "../../../extension/views/reviewTree.ts";
import type { Recommendation } from "../../../server/protocol/review.ts";
import { finding, result, state } from "./reviewSamples.ts";

function rows(change: Partial<ReviewTreeInput> = {}): ReviewRow[] {
  return reviewRows({
    uri: "file:///a.ts",
    state: state("done"),
    result: result(),
    isCovered: () => false,
    ...change,
  });
}

/** Rows as text, indented by depth. */
function draw(list: readonly ReviewRow[], depth = 0): string[] {
  return list.flatMap(({ label, description, children }) => [
    `${"  ".repeat(depth)}${label}${description === undefined ? "" : ` | ${description}`}`,
    ...draw(children ?? [], depth + 1),
  ]);
}

const weak = finding({ shown: false, confidence: 0.31, severity: "hint", fingerprint: "f2" });
const recommendation: Recommendation = {
  rule: "starcoder/wrong-identifier",
  category: "correctness",
  message: "Check the names.",
  count: 1,
  confidence: 0.93,
  lines: [12],
};

describe("the review view", () => {
  it("has the score, then what to do, then the findings, then the weak ones", () => {
    const given = result({
      findings: [finding(), weak],
      recommendations: [recommendation],
    });
    expect(draw(rows({ result: given }))).toEqual([
      "Score 9.1 of 10 | 1 finding",
      "Recommendations | 1",
      "  Check the names. | line 12",
      "Findings | 1",
      "  Did you mean `b`? | line 12 · 93% · wrong-identifier",
      "Low confidence | 1",
      "  Did you mean `b`? | line 12 · 31% · wrong-identifier",
    ]);
  });

  it("leaves to another tool what stands at its error, and what is recommended of it", () => {
    const given = result({ findings: [finding()], recommendations: [recommendation] });
    expect(draw(rows({ result: given, isCovered: () => true }))).toEqual([
      "Score 9.1 of 10 | no findings, 1 hidden where another tool reports an error",
    ]);
  });

  it("folds the weak ones away and nothing else", () => {
    const folded = rows({ result: result({ findings: [finding(), weak] }) })
      .filter(({ fold }) => fold === "closed")
      .map(({ label }) => label);
    expect(folded).toEqual(["Low confidence"]);
  });

  it("is empty for a file that was never reviewed, so that the welcome text shows", () => {
    expect(rows({ state: undefined, result: undefined })).toEqual([]);
  });

  it("keeps the findings in view while the file is reviewed again", () => {
    const given = { state: state("reviewing", { done: 1, total: 2 }), result: result() };
    expect(draw(rows(given))).toEqual(["Reviewing… | 1 of 2 parts"]);
    const withFinding = { ...given, result: result({ findings: [finding()] }) };
    expect(rows(withFinding).map(({ label }) => label)).toEqual(["Reviewing…", "Findings"]);
  });

  it("says why there is no score", () => {
    const scoreError = {
      code: "TIMEOUT_ERROR",
      message: "It took too long.",
      remedy: "Try again.",
      retryable: true,
    } as const;
    const [row] = rows({ state: state("failed", { scoreError }), result: undefined });
    expect(row).toMatchObject({
      label: "It took too long.",
      description: "TIMEOUT_ERROR",
      tooltip: "It took too long.\nTry again.",
    });
  });

  it("says that not all of the file was reviewed, and by whose measure", () => {
    const curve = { name: "qwen2.5-coder 0.5B", own: false };
    const [row] = rows({ result: result({ unreviewedChunks: 1, curve }) });
    expect(row?.description).toBe("no findings, not all of it reviewed");
    expect(row?.tooltip).toContain("measured on another model (qwen2.5-coder 0.5B)");
  });

  it("gives two findings in the same code rows of their own", () => {
    const [, group] = rows({ result: result({ findings: [finding(), finding()] }) });
    const ids = group?.children?.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(2);
  });
});
