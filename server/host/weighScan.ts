import type { Look } from "../tokens/looks.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, NextTokens, Token } from "./model.ts";
import type { JobContext } from "./slotJob.ts";

/**
 * Looks, from index `from` on (at least 1), at what the model expected in the place of each token
 * of a prompt, and adds it to `looks`, by index. What is there already is not evaluated again.
 * @param asked other tokens to look for, by index.
 */
export async function* scan(
  context: JobContext,
  sequence: ModelSequence,
  meter: UsageMeter,
  prompt: readonly Token[],
  from: number,
  asked: ReadonlyMap<number, readonly Token[]>,
  looks: Map<number, Look>,
): AsyncGenerator<undefined, undefined> {
  const isMissing = (index: number): boolean => {
    const look = looks.get(index);
    return look === undefined || (asked.get(index) ?? []).some((token) => !look.asked.has(token));
  };
  const missing = prompt.flatMap((_, index) => (index >= from && isMissing(index) ? [index] : []));
  const [first] = missing;
  if (first === undefined) {
    meter.start(prompt.length);
    return undefined;
  }
  await sequence.keepPrefix(prompt.slice(0, first - 1));
  meter.start(sequence.length);
  while (missing.length > 0) {
    const next = missing[0] ?? prompt.length;
    yield* bring(context, sequence, meter, prompt.slice(0, next - 1));
    const end = runEnd(missing, meter.chunkSize("look"));
    missing.splice(0, missing.findLastIndex((index) => index < end) + 1);
    const wanted = prompt
      .slice(next, end)
      .map((token, place) => [token, ...(asked.get(next + place) ?? [])]);
    const chunk = prompt.slice(next - 1, end - 1);
    context.model.useThreads("prefill");
    const found = await meter.score(chunk.length, () => sequence.score(chunk, wanted));
    for (const [place, expected] of found.entries()) {
      const index = next + place;
      const known = looks.get(index)?.asked ?? [];
      looks.set(index, lookOf(expected, wanted[place] ?? [], known));
    }
    yield;
  }
  return undefined;
}

/** So few tokens between two that are looked at are looked at too: another step costs more. */
const smallGap = 8;

/** Index behind the chunk that begins with the first missing one. */
function runEnd(missing: readonly number[], size: number): number {
  const [first = 0] = missing;
  let end = first + 1;
  for (const index of missing) {
    if (index - end > smallGap || index >= first + size) break;
    end = index + 1;
  }
  return end;
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

/** NaN where the model gave no logit. */
export function logProbabilityOf(next: NextTokens, token: Token | undefined): number {
  const found = next.candidates.find((candidate) => candidate.token === token);
  return found === undefined ? NaN : found.logit - next.logNormalizer;
}

function lookOf(
  next: NextTokens,
  [written, ...others]: readonly Token[],
  known: Iterable<readonly [Token, number]>,
): Look {
  const asked = new Map(known);
  for (const token of others) asked.set(token, logProbabilityOf(next, token));
  const { likeliestLogProbability: bestLogProbability } = next;
  return { logProbability: logProbabilityOf(next, written), bestLogProbability, asked };
}
