import { CodedError } from "../protocol/errors.ts";
import type { Odds } from "../protocol/host.ts";
import type { Candidate } from "./candidates.ts";
import type { Look } from "./looks.ts";

/** Tokens behind the change in the first step: most of what loses has lost by then. */
export const firstBehind = 4;
/** So few tokens cost less at once than in a step of their own. */
export const notWorthAStep = 4;

/**
 * The odds of a candidate over the text as written.
 * @param known log-probabilities of the candidate's tokens, as far as they are known.
 * @throws CodedError SCORES_INVALID where one is not a number.
 */
export function oddsOf(
  { at, changed, resumesAt }: Candidate,
  known: readonly number[],
  looks: ReadonlyMap<number, Look>,
): Odds {
  let change = 0;
  for (let index = at; index < resumesAt; index++) change -= written(looks, index);
  for (const value of known.slice(0, changed)) change += value;
  let after = 0;
  for (const [index, value] of known.slice(changed).entries()) {
    after += value - written(looks, resumesAt + index);
  }
  if (!Number.isFinite(change + after)) {
    throw new CodedError("SCORES_INVALID", "A probability is not a number.");
  }
  return { change, after, complete: true };
}

/**
 * The odds of a candidate whose tokens are all known, as the host tells them: an alternative that has
 * lost after its first step is given up there, with the odds until then.
 * @param giveUp nats below which it has lost.
 */
export function oddsToEnd(
  candidate: Candidate,
  known: readonly number[],
  looks: ReadonlyMap<number, Look>,
  giveUp: number,
): Odds {
  const step = candidate.changed + firstBehind;
  if (known.length - 1 > step + notWorthAStep) {
    const odds = oddsOf(candidate, known.slice(0, 1 + step), looks);
    if (odds.change + odds.after < giveUp) return { ...odds, complete: false };
  }
  return oddsOf(candidate, known, looks);
}

function written(looks: ReadonlyMap<number, Look>, index: number): number {
  return looks.get(index)?.logProbability ?? NaN;
}
