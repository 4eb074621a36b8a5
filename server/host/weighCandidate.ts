import { CodedError } from "../protocol/errors.ts";
import type { Odds } from "../protocol/host.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, Token } from "./model.ts";
import type { JobContext } from "./slotJob.ts";
import type { Candidate } from "./weighCandidates.ts";
import type { Look, Remembered } from "./weighMemory.ts";
import { bring, logProbabilityOf } from "./weighScan.ts";

export interface Weighing {
  readonly context: JobContext;
  readonly sequence: ModelSequence;
  readonly meter: UsageMeter;
  /** The prompt as written, and what is known of it: the scan's looks at least. */
  readonly all: readonly Token[];
  readonly memory: Remembered;
  readonly giveUp: number;
}

/** Tokens behind the change in the first step: most of what loses has lost by then. */
const firstBehind = 4;
/** So few tokens cost less at once than in a step of their own. */
const notWorthAStep = 4;

/** Evaluates one alternative as far as it can still win. */
export async function* weighCandidate(
  { context, sequence, meter, all, memory, giveUp }: Weighing,
  candidate: Candidate,
): AsyncGenerator<undefined, Odds> {
  const { at, tokens, changed } = candidate;
  const { looks } = memory;
  const first = looks.get(at)?.asked.get(tokens[0] ?? -1) ?? NaN;
  const known = [...(memory.known(at, tokens) ?? [first])];
  let step = changed + firstBehind;
  for (;;) {
    const odds = oddsOf(candidate, known, looks);
    const left = tokens.length - known.length;
    if (left === 0) return odds;
    const told = known.length > Math.max(1, changed);
    if (told && odds.change + odds.after < giveUp) return { ...odds, complete: false };
    const done = known.length - 1;
    const before = [...all.slice(0, at), ...tokens.slice(0, done)];
    await sequence.keepPrefix(before);
    yield* bring(context, sequence, meter, before);
    const size = evenly(left <= step + notWorthAStep ? left : step, meter.chunkSize("look"));
    const chunk = tokens.slice(done, done + size);
    const wanted = chunk.map((_, index) => tokens.slice(done + index + 1, done + index + 2));
    context.model.useThreads(size <= 2 ? "decode" : "prefill");
    const found = await meter.score(size, () => sequence.score(chunk, wanted));
    known.push(...found.map((next, index) => logProbabilityOf(next, wanted[index]?.[0])));
    memory.learn(at, tokens, [...known]);
    step = left;
    yield;
  }
}

/** The length of the first of as few parts as possible, none longer than `most`. */
function evenly(tokens: number, most: number): number {
  return Math.ceil(tokens / Math.ceil(tokens / most));
}

/** @param known log-probabilities of the alternative's tokens, as far as they are known. */
function oddsOf(
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

function written(looks: ReadonlyMap<number, Look>, index: number): number {
  return looks.get(index)?.logProbability ?? NaN;
}
