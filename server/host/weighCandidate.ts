import type { Odds } from "../protocol/host.ts";
import type { Candidate } from "../tokens/candidates.ts";
import { firstBehind, notWorthAStep, oddsOf } from "../tokens/odds.ts";
import type { Remembered } from "../tokens/weighMemory.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, Token } from "./model.ts";
import type { JobContext } from "./slotJob.ts";
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
