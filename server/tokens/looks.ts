import { CodedError } from "../protocol/errors.ts";
import type { Token } from "./token.ts";

/** What the model expected where a token stands, as far as it was asked for. */
export interface Look {
  readonly logProbability: number;
  readonly bestLogProbability: number;
  /** Log-probabilities of the other tokens asked for. */
  readonly asked: ReadonlyMap<Token, number>;
}

/** A model is judged by so many tokens. */
const leastJudged = 16;

/**
 * @throws CodedError SCORES_INVALID where a probability is not a number, or all are the same: no
 * model that learnt anything finds every token of a text equally likely.
 */
export function checkLooks(looks: Iterable<Look>): void {
  let count = 0;
  let [least, most] = [Infinity, -Infinity];
  for (const { logProbability, bestLogProbability, asked } of looks) {
    const values = [logProbability, bestLogProbability, ...asked.values()];
    if (!values.every(Number.isFinite)) {
      throw new CodedError("SCORES_INVALID", "A probability is not a number.");
    }
    count++;
    least = Math.min(least, logProbability);
    most = Math.max(most, logProbability);
  }
  // Certainty is no sign of damage: a text may be a repetition.
  if (count < leastJudged || most - least > 1e-9 || most > -1e-6) return;
  throw new CodedError("SCORES_INVALID", "Every token is equally likely.");
}
