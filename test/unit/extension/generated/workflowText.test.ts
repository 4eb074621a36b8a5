import { describe, expect, it } from "vitest";
import {
  progressText,
  requirementsIn,
  resultRow,
} from "../../../../extension/generated/workflowText.ts";
import { createResultMemory } from "../../../../extension/generated/resultMemory.ts";
import { summaryOf } from "../../../../server/state/workflowHistory.ts";
import { keptWorkflow } from "../../../support/workflows.ts";

const now = Date.parse("2026-11-28T10:05:00Z");

describe("what is said of a workflow", () => {
  it("is its step, with score and tokens once there are some", () => {
    const progress = { requestId: "s1-g1", step: "review", round: 1 } as const;
    expect(progressText({ ...progress, message: "Reviewing.", tokensUsed: 0 })).toBe("Reviewing.");
    const later = {
      ...progress,
      message: "Round 1 of 2: reviewing.",
      tokensUsed: 850,
      score: 7.25,
    };
    expect(progressText(later)).toMatch(
      /^Round 1 of 2: reviewing\. · best score 7\.\d · 850 tokens$/,
    );
  });

  it("is a row of the list of results", () => {
    const kept = keptWorkflow({ task: "Add two numbers\nand more", path: "src/add.ts" });
    expect(resultRow(summaryOf(kept), now)).toEqual({
      label: "Add two numbers",
      description: "score 8",
      detail: "src/add.ts · 5 min ago · 1 version · good enough · tiny",
    });
  });

  it("names a result without a task and without a file", () => {
    const kept = keptWorkflow({ task: " ", end: "cancelled", createdAt: "2026-11-20T10:00:00Z" });
    const { requestId, createdAt, task, language, end, model, rounds } = summaryOf(kept);
    const summary = { requestId, createdAt, task, language, end, model, rounds };
    expect(resultRow(summary, now)).toEqual({
      label: "Revised by review alone",
      description: "no score",
      detail: "new file, typescript · 2026-11-20 · 1 version · cancelled · tiny",
    });
  });

  it("takes requirements apart at semicolons", () => {
    expect(requirementsIn(" no loops;  ; throws below zero ")).toEqual([
      "no loops",
      "throws below zero",
    ]);
    expect(requirementsIn("")).toEqual([]);
  });
});

describe("what was decided about results", () => {
  it("is remembered of the last thirty", () => {
    let kept: unknown = "damaged";
    const memory = createResultMemory({
      get: () => kept,
      update(_, value) {
        kept = value;
        return Promise.resolve();
      },
    });
    const decision = (version: number) => ({ base: "", version, applied: [0], discarded: [] });
    for (let at = 0; at < 31; at++) memory.write(`s1-g${at}`, decision(at));
    expect(memory.read("s1-g0")).toBeUndefined();
    memory.write("s1-g1", decision(99));
    expect(memory.read("s1-g1")).toEqual(decision(99));
    expect(memory.read("s1-g30")).toEqual(decision(30));
  });
});
