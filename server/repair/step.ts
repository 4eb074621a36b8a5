import type { Clock } from "../engine/clock.ts";
import { CodedError, toCodedError, type ErrorCode } from "../protocol/errors.ts";
import type { RepairRecord, RepairStep } from "../protocol/repair.ts";

/** What a step says when it did not fail. */
export type StepOutcome =
  | string
  | { readonly status: "skipped"; readonly message: string }
  | { readonly status: "failed"; readonly message: string; readonly code: ErrorCode };

/** Runs the steps of a repair one after the other and says what comes of each. */
export interface Steps {
  /** Runs one; a failure is kept with it and does not end the repair. Whether it did not fail. */
  run(name: string, title: string, act: () => Promise<StepOutcome>): Promise<boolean>;
  readonly record: RepairRecord;
}

/**
 * @param note told a line as each step begins and ends
 * @param signal once aborted, the steps that are left are skipped
 */
export function createSteps(
  clock: Pick<Clock, "now">,
  note: (line: string) => void,
  signal?: AbortSignal,
): Steps {
  const steps: RepairStep[] = [];

  return {
    async run(name, title, act) {
      const startedAt = clock.now();
      if (signal?.aborted !== true) note(`${title} …`);
      const outcome =
        signal?.aborted === true
          ? ({ status: "skipped", message: "Cancelled." } as const)
          : await act().catch(failure);
      const durationMs = Math.round(clock.now() - startedAt);
      const step: RepairStep =
        typeof outcome === "string"
          ? { name, title, status: "ok", message: outcome, durationMs }
          : { name, title, ...outcome, durationMs };
      steps.push(step);
      note(`  ${step.status}: ${step.message}`);
      return step.status !== "failed";
    },
    get record() {
      return { ok: steps.every(({ status }) => status !== "failed"), steps: [...steps] };
    },
  };
}

function failure(thrown: unknown): StepOutcome {
  const error = thrown instanceof CodedError ? thrown : toCodedError(thrown, "REBUILD_FAILED");
  return { status: "failed", message: error.message, code: error.code };
}
