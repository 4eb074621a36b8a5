import type { CodedError } from "../protocol/errors.ts";
import type { PromptsRecord } from "../protocol/explain.ts";
import type { WorkflowProgress, WorkflowResult, WorkflowTask } from "../protocol/workflow.ts";

export interface WorkflowRequest {
  readonly task: WorkflowTask;
  readonly requestId: string;
}

export type WorkflowOutcome =
  | { readonly kind: "done"; readonly result: WorkflowResult }
  /** Before there was any version. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** Generate → review → revise. */
export interface Workflow {
  /**
   * Runs a task to its end. Cancelled, or failed in a later step, it gives the best version so far.
   * Never rejects: an empty task, a model that cannot do it or that wrote nothing usable after a
   * bounded number of tries is a `failed` outcome.
   */
  run(
    request: WorkflowRequest,
    onProgress: (progress: WorkflowProgress) => void,
    signal: AbortSignal,
  ): Promise<WorkflowOutcome>;
  /**
   * What the model would be sent; nothing is generated.
   * @throws CodedError where no model is ready or a prompt file is broken
   */
  prompts(
    request: WorkflowRequest,
    step: "generate" | "revise",
    signal: AbortSignal,
  ): Promise<PromptsRecord["prompts"]>;
}
