import { CodedError } from "../protocol/errors.ts";
import { assess } from "./assess.ts";
import type { Retried, Review } from "./firstVersions.ts";
import type { Record, WorkflowEnd } from "./record.ts";
import { passes } from "./retryOnce.ts";
import { applyFixes, type Revision } from "./revise/applyFixes.ts";
import { askRevision } from "./revise/askRevision.ts";
import type { Run } from "./run.ts";
import type { Version } from "./versions.ts";

export interface Ended {
  readonly end: WorkflowEnd;
  readonly error?: CodedError;
}

/**
 * Revises the best version round by round until it is good enough, nothing improves, or the budget is
 * used up. Fixes that the review brought along cost nothing and go first; then the model is asked,
 * where it follows instructions. What was tried on a version once is not tried on it again.
 */
export async function reviseRounds(
  run: Run,
  record: Record,
  review: Review,
  retried: Retried,
): Promise<Ended> {
  const { budget, settings, task } = run;
  const tried = new Set<string>();
  /** The caller's wish is not fulfilled yet: no score is good enough. */
  let isChangeDue = record.best?.by === "given" && task.task.trim() !== "";
  for (let round = 1; ; round++) {
    const best = record.best;
    if (best === undefined) return { end: "failed" };
    const over = budget.ended();
    if (over !== undefined) return { end: over };
    // There was no room for its review.
    if (task.review && best.review === undefined) return { end: "tokens" };
    const failure = best.review?.scoreError;
    if (failure !== undefined && passes(failure.code)) {
      return { end: "failed", error: CodedError.fromData(failure) };
    }
    const score = best.review?.score;
    if (!isChangeDue && score !== undefined && score >= settings.minScore) return { end: "score" };
    if (round > settings.rounds && !isChangeDue) {
      return { end: task.review ? "rounds" : "generated" };
    }
    const revised = await nextRevision(run, record, best, round, tried, isChangeDue, retried);
    if (revised.kind !== "done") return revised.ended;
    const { revision, by } = revised;
    const isFree = task.review && budget.ended() === undefined;
    const reviewed = isFree
      ? await review(round, revision.code)
      : { review: undefined, tokensUsed: 0, durationMs: 0 };
    const { errors } = assess(run.syntax, run.place, revision.code);
    record.add(
      {
        ...{ round, by, code: revision.code, changes: revision.changes, errors },
        review: reviewed.review,
        tokensUsed: revised.tokensUsed + reviewed.tokensUsed,
        durationMs: revised.durationMs + reviewed.durationMs,
      },
      isChangeDue,
    );
    isChangeDue = false;
    if (!task.review) return { end: budget.ended() ?? "generated" };
  }
}

type Next =
  | {
      readonly kind: "done";
      readonly by: "fixes" | "model";
      readonly revision: Revision;
      readonly tokensUsed: number;
      readonly durationMs: number;
    }
  | { readonly kind: "ended"; readonly ended: Ended };

async function nextRevision(
  run: Run,
  record: Record,
  best: Version,
  round: number,
  tried: Set<string>,
  isChange: boolean,
  retried: Retried,
): Promise<Next> {
  const isNew = (way: string): boolean => {
    const key = `${way} ${best.code}`;
    if (tried.has(key)) return false;
    tried.add(key);
    return true;
  };
  if (!isChange && isNew("fixes")) {
    const fixed = await record.step("revise", round, "Applying fixes…", () =>
      Promise.resolve(applyFixes(run.syntax, run.place, best.code, best.review?.findings ?? [])),
    );
    const { value: revision, tokensUsed, durationMs } = fixed;
    if (revision !== undefined) {
      return { kind: "done", by: "fixes", revision, tokensUsed, durationMs };
    }
  }
  if (!run.isInstruct || !isNew("model")) return { kind: "ended", ended: { end: "noImprovement" } };
  const asked = await record.step("revise", round, "Asking for a better version…", () =>
    askRevision(run, { code: best.code, review: best.review, isChange }, retried),
  );
  const { value, tokensUsed, durationMs } = asked;
  if (value.kind === "done") {
    return { kind: "done", by: "model", revision: value.revision, tokensUsed, durationMs };
  }
  if (value.kind === "ended") {
    return { kind: "ended", ended: { end: run.budget.ended() ?? "tokens" } };
  }
  if (value.kind === "failed" || isChange) {
    return { kind: "ended", ended: { end: "failed", error: value.error } };
  }
  return { kind: "ended", ended: { end: "noImprovement" } };
}
