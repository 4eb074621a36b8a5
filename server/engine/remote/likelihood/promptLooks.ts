import type { Look } from "../../../tokens/looks.ts";
import type { PromptToken } from "../types.ts";

/** NaN where the server told none. */
export function logProbabilityOf({ logProbability }: PromptToken): number {
  return logProbability ?? NaN;
}

/** The likeliest token at a place, as far as it is known: the one that stands there, or a likelier. */
export function bestOf(token: PromptToken): {
  readonly text: string;
  readonly logProbability: number;
} {
  const own = { text: token.text, logProbability: logProbabilityOf(token) };
  return token.top.reduce(
    (best, each) => (each.logProbability > best.logProbability ? each : best),
    own,
  );
}

/** What a server told of the place of each token, by index; nothing is known of the first. */
export function looksOf(tokens: readonly PromptToken[]): Map<number, Look> {
  const looks = new Map<number, Look>();
  for (const [index, token] of tokens.entries()) {
    if (index === 0) continue;
    looks.set(index, {
      logProbability: logProbabilityOf(token),
      bestLogProbability: bestOf(token).logProbability,
      asked: new Map(token.top.map(({ id, logProbability }) => [id, logProbability])),
    });
  }
  return looks;
}

/** Probabilities sum to 1 only as exactly as servers print them. */
const leastLeft = 1e-9;

/**
 * The most that a token can have which is not among those told: no more than the least likely of the
 * likeliest, and no more than what all of those leave.
 */
export function mostUntold({ id, logProbability, top }: PromptToken): number {
  const own = top.some((each) => each.id === id) ? [] : [logProbability ?? -Infinity];
  const told = [...own, ...top.map((each) => each.logProbability)];
  const left = 1 - told.reduce((sum, each) => sum + Math.exp(each), 0);
  const least = top.reduce((lowest, each) => Math.min(lowest, each.logProbability), 0);
  return Math.min(least, Math.log(Math.max(leastLeft, left)));
}
