import type { z } from "zod";
import type { CodedError } from "../protocol/errors.ts";
import type {
  WorkflowProgress,
  WorkflowResult,
  workflowEndSchema,
  workflowStepSchema,
} from "../protocol/workflow.ts";
import type { Run } from "./run.ts";
import { isBetter, toRound, type Version } from "./versions.ts";

export type WorkflowEnd = z.infer<typeof workflowEndSchema>;
type Step = z.infer<typeof workflowStepSchema>;

/** What has been done so far. */
export interface Record {
  /** The best version; undefined before there is any. */
  readonly best: Version | undefined;
  /**
   * Keeps a version; accepted where it is better than the best, or where `isWanted` whatever its score:
   * it is what was asked for, and the one before was not.
   */
  add(version: Omit<Version, "accepted">, isWanted?: boolean): Version;
  /** Does one step, and notes what it cost. */
  step<Value>(
    step: Step["step"],
    round: number,
    message: string,
    act: () => Promise<Value>,
  ): Promise<{
    readonly value: Value;
    readonly tokensUsed: number;
    readonly durationMs: number;
  }>;
  tell(step: WorkflowProgress["step"], round: number, message: string): void;
  result(best: Version, end: WorkflowEnd, error?: CodedError): WorkflowResult;
}

export function createRecord(
  run: Run,
  now: () => Date,
  onProgress: (progress: WorkflowProgress) => void,
): Record {
  const { budget, clock, task, requestId, model } = run;
  const createdAt = now().toISOString();
  const versions: Version[] = [];
  const steps: Step[] = [];
  let best: Version | undefined;

  function tell(step: WorkflowProgress["step"], round: number, message: string): void {
    const score = best?.review?.score;
    onProgress({
      ...{ requestId, step, round, message, tokensUsed: budget.tokensUsed },
      ...(score === undefined ? {} : { score }),
    });
  }

  return {
    get best() {
      return best;
    },
    add(given, isWanted = false) {
      const version = { ...given, accepted: true };
      const accepted = isWanted || best === undefined || isBetter(version, best);
      const kept = { ...version, accepted };
      versions.push(kept);
      if (accepted) best = kept;
      return kept;
    },
    async step(step, round, message, act) {
      tell(step, round, message);
      const startedAt = clock.now();
      const before = budget.tokensUsed;
      try {
        const value = await act();
        return { value, ...cost() };
      } finally {
        steps.push({ step, round, ...cost() });
      }
      function cost() {
        return { tokensUsed: budget.tokensUsed - before, durationMs: clock.now() - startedAt };
      }
    },
    tell,
    result(chosen, end, error) {
      const { review } = chosen;
      return {
        ...{ requestId, createdAt, task: task.task, language: task.language },
        ...(task.path === undefined ? {} : { path: task.path }),
        code: chosen.code,
        ...(review?.score === undefined ? {} : { score: review.score }),
        ...(review?.scoreError === undefined ? {} : { scoreError: review.scoreError }),
        findings: [...(review?.findings ?? [])],
        recommendations: [...(review?.recommendations ?? [])],
        rounds: versions.map(toRound),
        best: versions.indexOf(chosen),
        steps,
        end,
        ...(error === undefined ? {} : { error: error.toData() }),
        model: model.name || model.architecture,
        tokensUsed: budget.tokensUsed,
        workflowTime: budget.elapsedMs,
        ...(task.metadata === undefined ? {} : { metadata: task.metadata }),
      };
    },
  };
}
