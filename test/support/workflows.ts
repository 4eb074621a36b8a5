import type {
  KeptWorkflow,
  WorkflowResult,
  WorkflowRound,
} from "../../server/protocol/workflow.ts";

/** One version of a workflow, for tests. */
export function workflowRound(more: Partial<WorkflowRound> = {}): WorkflowRound {
  return {
    ...{ round: 0, by: "model", code: "return a + b;\n", changes: [], findings: [] },
    ...{ accepted: true, tokensUsed: 120, durationMs: 900, score: 8 },
    ...more,
  };
}

/** A result of a workflow, for tests. */
export function workflowResult(more: Partial<WorkflowResult> = {}): WorkflowResult {
  return {
    ...{ requestId: "s1-g1", createdAt: "2026-11-28T10:00:00.000Z" },
    ...{ task: "Add two numbers", language: "typescript", code: "return a + b;\n" },
    ...{ score: 8, findings: [], recommendations: [], rounds: [workflowRound()], best: 0 },
    ...{ steps: [], end: "score", model: "tiny", tokensUsed: 120, workflowTime: 900 },
    ...more,
  };
}

/** A result as it is kept, for tests. */
export function keptWorkflow(
  more: Partial<WorkflowResult> = {},
  place: Omit<KeptWorkflow, "result"> = {},
): KeptWorkflow {
  return { result: workflowResult(more), ...place };
}
