import { CodedError } from "../protocol/errors.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, NextTokens, Token } from "./model.ts";
import type { JobContext } from "./slotJob.ts";

/** What the model expected where a token stands, as far as it was asked for. */
export interface Look {
  readonly logProbability: number;
  readonly bestLogProbability: number;
  /** Log-probabilities of the other tokens asked for. */
  readonly asked: ReadonlyMap<Token, number>;
}

/**
 * Evaluates tokens and looks, from index `from` on (at least 1), at what the model expected in the
 * place of each. Indexes of the result are those of `tokens`. The last token is not evaluated.
 * @param asked other tokens to look for, by index.
 */
export async function* scan(
  context: JobContext,
  sequence: ModelSequence,
  meter: UsageMeter,
  tokens: readonly Token[],
  from: number,
  asked: ReadonlyMap<number, readonly Token[]>,
): AsyncGenerator<undefined, ReadonlyMap<number, Look>> {
  const looks = new Map<number, Look>();
  const lookedFrom = from - 1;
  await sequence.keepPrefix(tokens.slice(0, lookedFrom));
  meter.start(sequence.length);
  yield* bring(context, sequence, meter, tokens.slice(0, lookedFrom));
  while (sequence.length < tokens.length - 1) {
    const start = sequence.length;
    const chunk = tokens.slice(start, Math.min(start + meter.chunkSize("look"), tokens.length - 1));
    const wanted = chunk.map((_, index) => [
      ...tokens.slice(start + index + 1, start + index + 2),
      ...(asked.get(start + index + 1) ?? []),
    ]);
    context.model.useThreads("prefill");
    const found = await meter.score(chunk.length, () => sequence.score(chunk, wanted));
    for (const [index, next] of found.entries()) {
      const place = start + index + 1;
      looks.set(place, lookOf(next, wanted[index] ?? []));
    }
    yield;
  }
  return looks;
}

/** Brings tokens into the cache whose beginning is there. */
export async function* bring(
  context: JobContext,
  sequence: ModelSequence,
  meter: UsageMeter,
  tokens: readonly Token[],
): AsyncGenerator<undefined, undefined> {
  while (sequence.length < tokens.length) {
    const start = sequence.length;
    const chunk = tokens.slice(start, start + meter.chunkSize("append"));
    context.model.useThreads("prefill");
    await meter.prefill(chunk.length, () => sequence.append(chunk));
    yield;
  }
  return undefined;
}

function lookOf(next: NextTokens, [written, ...others]: readonly Token[]): Look {
  const of = (token: Token | undefined): number =>
    (next.candidates.find((candidate) => candidate.token === token)?.logit ?? NaN) -
    next.logNormalizer;
  return {
    logProbability: of(written),
    bestLogProbability: next.likeliestLogProbability,
    asked: new Map(others.map((token) => [token, of(token)])),
  };
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
