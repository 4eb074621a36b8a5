import type { CodedError } from "../protocol/errors.ts";
import type { ModelDescription } from "../protocol/host.ts";
import type { WorkflowTask } from "../protocol/workflow.ts";
import type { Budget } from "./budget.ts";
import type { WorkflowDependencies, WorkflowSettings } from "./dependencies.ts";
import type { CodePlace } from "./place.ts";

/** One task under way. */
export interface Run extends Pick<
  WorkflowDependencies,
  "engine" | "syntax" | "prompts" | "reviewer" | "random" | "clock" | "log"
> {
  readonly requestId: string;
  readonly task: WorkflowTask;
  readonly place: CodePlace;
  readonly model: ModelDescription;
  readonly isInstruct: boolean;
  /** With the task's own budget in force. */
  readonly settings: WorkflowSettings;
  readonly budget: Budget;
}

/** What the model wrote in one try. */
export type Written =
  | {
      readonly kind: "written";
      readonly code: string;
      /** Why it may not be whole, as the end of a sentence. */
      readonly cut?: string;
      /** Nats by token; absent where the engine tells none. */
      readonly meanLogProbability?: number;
    }
  /** What is left of the tokens does not do for the prompt and an answer. */
  | { readonly kind: "outOfTokens" }
  /** Its signal was aborted; see the budget for why. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** How a try differs from the others. */
export interface Try {
  /** 0: the likeliest answer. */
  readonly temperature: number;
  readonly seed: number;
  /** A base model begins with a function: left to itself it wrote nothing usable. */
  readonly isFunction?: boolean;
}
