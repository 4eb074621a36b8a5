import { CodedError } from "../protocol/errors.ts";
import type { WorkflowTask } from "../protocol/workflow.ts";
import { isInstruct } from "../review/comments/instruct.ts";
import type { Budget } from "./budget.ts";
import type { WorkflowDependencies, WorkflowSettings } from "./dependencies.ts";
import { signatureOf } from "./generate/signature.ts";
import { placeOf } from "./place.ts";
import type { Run } from "./run.ts";
import type { WorkflowOutcome, WorkflowRequest } from "./types.ts";

/** How long a model may take to start, in milliseconds. */
const startMs = 120_000;

/** The settings, with what the task asks for in their place. */
export function settingsOf(
  { settings }: Pick<WorkflowDependencies, "settings">,
  { budget }: WorkflowTask,
): WorkflowSettings {
  const given = settings();
  return {
    rounds: budget.rounds ?? given.rounds,
    minScore: budget.minScore ?? given.minScore,
    candidates: budget.candidates ?? given.candidates,
    tokens: budget.tokens ?? given.tokens,
    seconds: budget.seconds ?? given.seconds,
    instruct: given.instruct,
  };
}

/** Why a task cannot be done by any model; undefined where it can. */
export function taskProblem({ task, code, review }: WorkflowTask): string | undefined {
  if (task.trim() !== "") return undefined;
  if (code === undefined || code.trim() === "") return "The task is empty.";
  return review ? undefined : "There is nothing to do: no task, and no review of the code.";
}

/** Waits for the model and gathers what a run works with. */
export async function prepareRun(
  dependencies: WorkflowDependencies,
  { task, requestId }: WorkflowRequest,
  budget: Budget,
): Promise<
  { readonly kind: "ready"; readonly run: Run } | Exclude<WorkflowOutcome, { kind: "done" }>
> {
  const { engine, syntax, reviewer, prompts, random, clock, log } = dependencies;
  const ready = await dependencies.whenReady(Math.min(startMs, budget.msLeft), budget.signal);
  if (ready.kind === "failed") return ready;
  if (ready.kind !== "ready") {
    if (budget.ended() === "cancelled") return { kind: "cancelled" };
    return { kind: "failed", error: new CodedError("TIMEOUT_ERROR", "The model was not ready.") };
  }
  const settings = settingsOf(dependencies, task);
  const { model } = ready.state;
  const follows = isInstruct(model, settings.instruct);
  const isChange = task.code !== undefined && task.code.trim() !== "" && task.task.trim() !== "";
  if (isChange && !follows) return { kind: "failed", error: new CodedError("MODEL_NOT_INSTRUCT") };
  await syntax.load(task.language);
  const name = signatureOf(task.task, task.language, { tests: task.tests })?.name;
  const run: Run = {
    ...{ engine, syntax, reviewer, prompts, random, clock, log },
    ...{ requestId, task, model, settings, budget, isInstruct: follows },
    place: placeOf(task, requestId, name),
  };
  return { kind: "ready", run };
}
