import { CodedError, toCodedError } from "../protocol/errors.ts";
import type { WorkflowProgress } from "../protocol/workflow.ts";
import { createBudget, type Budget } from "./budget.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import { firstVersions, type Review } from "./firstVersions.ts";
import { prepareRun, settingsOf, taskProblem } from "./prepareRun.ts";
import { createRecord, type Record } from "./record.ts";
import { retryOnce } from "./retryOnce.ts";
import { reviewCode } from "./reviewCode.ts";
import { reviseRounds, type Ended } from "./reviseRounds.ts";
import { countTokens } from "./room.ts";
import type { Run, Written } from "./run.ts";
import type { WorkflowOutcome, WorkflowRequest } from "./types.ts";

/** Runs one task to its end; never rejects. */
export async function runTask(
  dependencies: WorkflowDependencies,
  request: WorkflowRequest,
  onProgress: (progress: WorkflowProgress) => void,
  signal: AbortSignal,
): Promise<WorkflowOutcome> {
  const { requestId, task } = request;
  const { tokens, seconds } = settingsOf(dependencies, task);
  const budget = createBudget({ clock: dependencies.clock, tokens, seconds, signal });
  let outcome: WorkflowOutcome;
  try {
    outcome = await within(dependencies, request, budget, onProgress);
  } catch (thrown) {
    outcome = { kind: "failed", error: toCodedError(thrown) };
  } finally {
    budget.dispose();
  }
  logOutcome(dependencies, requestId, task.language, budget, outcome);
  return outcome;
}

async function within(
  dependencies: WorkflowDependencies,
  request: WorkflowRequest,
  budget: Budget,
  onProgress: (progress: WorkflowProgress) => void,
): Promise<WorkflowOutcome> {
  const problem = taskProblem(request.task);
  if (problem !== undefined) {
    return { kind: "failed", error: new CodedError("VALIDATION_ERROR", problem) };
  }
  const { requestId } = request;
  onProgress({
    ...{ requestId, step: "waiting", round: 0, tokensUsed: 0 },
    message: "Waiting for the model…",
  });
  const prepared = await prepareRun(dependencies, request, budget);
  if (prepared.kind !== "ready") return prepared;
  const { run } = prepared;
  const record = createRecord(run, dependencies.now, onProgress);
  const retried = (write: () => Promise<Written>) =>
    retryOnce({ ...dependencies, budget, requestId }, write, (written) =>
      written.kind === "failed" ? written.error : undefined,
    );
  const review: Review = async (round, code) => {
    // It reads the code at least once: what is left must pay that.
    const least = await countTokens(run.engine, [code]);
    if (least > budget.tokensLeft) return { review: undefined, tokensUsed: 0, durationMs: 0 };
    const message = round === 0 ? "Reviewing the code…" : `Reviewing revision ${round}…`;
    const { value, tokensUsed, durationMs } = await record.step("review", round, message, () =>
      retryOnce(
        { ...dependencies, budget, requestId },
        () => reviewCode(run, code),
        (reviewed) => reviewed?.scoreError,
      ),
    );
    return { review: value, tokensUsed, durationMs };
  };
  let ended: Ended;
  try {
    const first = await firstVersions(run, record, review, retried);
    if (first.kind !== "done") return first;
    if (first.error !== undefined) ended = { end: "failed", error: first.error };
    else if (run.task.review || run.task.code !== undefined) {
      ended = await reviseRounds(run, record, review, retried);
    } else ended = { end: budget.ended() ?? "generated" };
  } catch (thrown) {
    // Whatever goes wrong later, what is there is not lost.
    if (record.best === undefined) throw thrown;
    ended = { end: "failed", error: toCodedError(thrown) };
  }
  return finished(run, record, ended);
}

function finished({ budget }: Run, record: Record, { end, error }: Ended): WorkflowOutcome {
  const { best } = record;
  if (best !== undefined) return { kind: "done", result: record.result(best, end, error) };
  if (budget.ended() === "cancelled") return { kind: "cancelled" };
  return { kind: "failed", error: error ?? new CodedError("INTERNAL_ERROR") };
}

function logOutcome(
  { log, engine }: WorkflowDependencies,
  requestId: string,
  language: string,
  budget: Budget,
  outcome: WorkflowOutcome,
): void {
  const { state } = engine;
  const result = outcome.kind === "done" ? outcome.result : undefined;
  const error = outcome.kind === "failed" ? outcome.error : result?.error;
  log.event(outcome.kind === "done" ? "workflow done" : `workflow ${outcome.kind}`, {
    requestId,
    language,
    model: result?.model ?? (state.kind === "ready" ? state.model.name : undefined),
    end: result?.end,
    rounds: result?.rounds.at(-1)?.round,
    score: result?.score,
    code: error?.code ?? result?.scoreError?.code,
    tokensUsed: budget.tokensUsed,
    workflowTime: Math.round(budget.elapsedMs),
  });
}
