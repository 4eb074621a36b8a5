import type { WorkflowRound } from "../protocol/workflow.ts";
import type { CodeReview } from "./reviewCode.ts";

/** A version with what decides about it. */
export interface Version {
  readonly round: number;
  readonly by: WorkflowRound["by"];
  readonly code: string;
  readonly changes: readonly string[];
  /** Syntax errors. */
  readonly errors: number;
  readonly review?: CodeReview | undefined;
  readonly accepted: boolean;
  readonly tokensUsed: number;
  readonly durationMs: number;
}

/**
 * Whether one version is better than another: by score; where that does not tell, fewer syntax errors;
 * then one with a score, since in one that nobody looked at nothing is found; then less confidence in
 * what was found. Of equals the earlier stays.
 */
export function isBetter(a: Version, b: Version): boolean {
  const [own, other] = [a.review?.score, b.review?.score];
  if (own !== undefined && other !== undefined && own !== other) return own > other;
  if (a.errors !== b.errors) return a.errors < b.errors;
  if ((own === undefined) !== (other === undefined)) return own !== undefined;
  return burdenOf(a) < burdenOf(b) - 1e-9;
}

function burdenOf({ review }: Version): number {
  return (review?.findings ?? []).reduce((sum, { confidence }) => sum + confidence, 0);
}

export function toRound(version: Version): WorkflowRound {
  const { round, by, code, changes, review, accepted, tokensUsed, durationMs } = version;
  return {
    ...{ round, by, code, changes: [...changes], accepted, durationMs },
    ...(review?.score === undefined ? {} : { score: review.score }),
    ...(review?.scoreError === undefined ? {} : { scoreError: review.scoreError }),
    findings: [...(review?.findings ?? [])],
    tokensUsed: Math.round(tokensUsed),
  };
}
