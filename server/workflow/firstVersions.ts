import { CodedError } from "../protocol/errors.ts";
import { withLineFeeds } from "../text/lines.ts";
import { assess } from "./assess.ts";
import {
  generateCandidates,
  type Candidate,
  type Generated,
} from "./generate/generateCandidates.ts";
import type { Run, Written } from "./run.ts";
import type { Record } from "./record.ts";
import type { CodeReview } from "./reviewCode.ts";

/** Nats by token that two versions may differ by for the review to decide between them. */
const closeCall = 0.1;

export type Retried = (write: () => Promise<Written>) => Promise<Written>;
/** Reviews a version as a step; undefined: ended by the budget. */
export type Review = (
  round: number,
  code: string,
) => Promise<{
  readonly review: CodeReview | undefined;
  readonly tokensUsed: number;
  readonly durationMs: number;
}>;

export type First =
  /** There is a version; `error`: go no further. */
  | { readonly kind: "done"; readonly error?: CodedError }
  /** Ended with nothing. */
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** The version that everything starts from: the caller's own, or the best of what the model wrote. */
export async function firstVersions(
  run: Run,
  record: Record,
  review: Review,
  retried: Retried,
): Promise<First> {
  const { task, budget } = run;
  if (task.code !== undefined && task.code.trim() !== "") {
    const code = withLineFeeds(task.code);
    const { errors } = assess(run.syntax, run.place, code);
    const reviewed = await reviewOr(run, review, code);
    record.add({ round: 0, by: "given", code, changes: [], errors, ...reviewed });
    return { kind: "done" };
  }
  const wanted = run.settings.candidates;
  const generated = await record.step("generate", 0, "Writing the code…", () =>
    generateCandidates(run, retried, (number) => {
      const which = wanted > 1 ? `version ${number + 1} of ${wanted}` : "the code";
      if (number > 0) record.tell("generate", 0, `Writing ${which}…`);
    }),
  );
  const found: Generated = generated.value;
  if (found.kind === "failed") return found;
  if (found.kind === "ended") {
    if (budget.ended() === "cancelled") return { kind: "cancelled" };
    const what = found.why === "tokens" || budget.ended() === "tokens" ? "tokens" : "seconds";
    const detail = `The ${what} allowed were used up before there was any code.`;
    return { kind: "failed", error: new CodedError("TIMEOUT_ERROR", detail) };
  }
  let { tokensUsed, durationMs } = generated;
  for (const candidate of contenders(found.candidates)) {
    // The first always counts; the review between others needs room.
    if (record.best !== undefined && budget.ended() !== undefined) break;
    const reviewed = await reviewOr(run, review, candidate.code);
    record.add({
      ...{ round: 0, by: "model", code: candidate.code, changes: [] },
      errors: candidate.assessment.errors,
      review: reviewed.review,
      tokensUsed: tokensUsed + reviewed.tokensUsed,
      durationMs: durationMs + reviewed.durationMs,
    });
    tokensUsed = durationMs = 0;
  }
  return found.error === undefined ? { kind: "done" } : { kind: "done", error: found.error };
}

async function reviewOr(run: Run, review: Review, code: string): ReturnType<Review> {
  const isReviewed = run.task.review && run.budget.ended() === undefined;
  return isReviewed ? await review(0, code) : { review: undefined, tokensUsed: 0, durationMs: 0 };
}

/** The best, and a second one that is about as likely: the review decides between them. */
function contenders(candidates: readonly Candidate[]): readonly Candidate[] {
  const [first, second] = candidates;
  if (first === undefined || second === undefined) return candidates;
  const difference = (first.meanLogProbability ?? 0) - (second.meanLogProbability ?? 0);
  const isClose = second.assessment.errors === first.assessment.errors && difference <= closeCall;
  return isClose ? [first, second] : [first];
}
