import { CodedError } from "../../../protocol/errors.ts";
import type { WeighedNotification, WeighResult } from "../../../protocol/host.ts";
import { chooseCandidates, type Candidate } from "../../../tokens/candidates.ts";
import type { Look } from "../../../tokens/looks.ts";
import { oddsToEnd } from "../../../tokens/odds.ts";
import type { Remembered } from "../../../tokens/weighMemory.ts";
import type { WeighRequest } from "../../engine.ts";
import type { PromptToken } from "../types.ts";
import { logProbabilityOf, mostUntold } from "./promptLooks.ts";
import type { PromptJob } from "./promptReader.ts";

/** To rank those of which little is known, so many times what may be weighed is asked for. */
const mostAsked = 2;

/** A text whose alternatives are weighed. */
export interface Weighing {
  readonly job: PromptJob;
  /** What the server told of the text, and that as looks. */
  readonly read: readonly PromptToken[];
  readonly looks: ReadonlyMap<number, Look>;
  readonly remembered: Remembered;
  readonly params: WeighRequest;
  readonly onWeighed: (weighed: Omit<WeighedNotification, "id">) => void;
}

/**
 * Looks at all candidates and weighs those that are chosen by that, adding what is found to
 * `alternatives`. A first look that is only bounded ranks by its bound; where it is chosen the
 * candidate is asked for and ranked again, until all that are chosen are exact. Ranks only fall by
 * that: what is chosen by an exact look stays chosen, and is told at once.
 */
export async function weighCandidates(
  { job, read, looks, remembered, params, onWeighed }: Weighing,
  candidates: readonly Candidate[],
  alternatives: WeighResult["alternatives"],
): Promise<void> {
  const bounded = new Set<number>();
  for (const { alternative, at, tokens } of candidates) {
    const [look, token] = [looks.get(at), read[at]];
    if (look === undefined || token === undefined) continue;
    const exact = look.asked.get(tokens[0] ?? -1);
    if (exact === undefined) bounded.add(alternative);
    const first = (exact ?? mostUntold(token)) - look.logProbability;
    alternatives[alternative] = { first, written: look.logProbability };
  }

  /** Log-probabilities of a candidate's tokens. */
  async function ask({ at, tokens }: Candidate): Promise<readonly number[]> {
    const known = remembered.known(at, tokens);
    if (known !== undefined) return known;
    const prompt = [...read.slice(0, at).map(({ id }) => id), ...tokens];
    const values = (await job.read(prompt, 0, false)).slice(at).map(logProbabilityOf);
    // What is compared with the text comes from the same answer where it can.
    const exact = looks.get(at)?.asked.get(tokens[0] ?? -1);
    if (exact !== undefined) values[0] = exact;
    if (values.length < tokens.length || !values.every(Number.isFinite)) {
      throw new CodedError("SCORES_INVALID", "A probability is not a number.");
    }
    remembered.learn(at, tokens, values);
    return values;
  }

  const known = new Map<number, readonly number[]>();
  const told = new Set<number>();
  function tell(candidate: Candidate): void {
    const { alternative, at } = candidate;
    const values = known.get(alternative) ?? [];
    const written = looks.get(at)?.logProbability ?? NaN;
    const { first = (values[0] ?? NaN) - written } = alternatives[alternative] ?? {};
    const odds = oddsToEnd(candidate, values, looks, params.giveUp);
    alternatives[alternative] = { first, written, odds };
    told.add(alternative);
    onWeighed({ alternative, first, written, odds });
  }

  const leftOut = new Set<number>();
  for (;;) {
    const looked = alternatives.map((each, index) => (leftOut.has(index) ? {} : each));
    const chosen = chooseCandidates(candidates, looked, params);
    const open = chosen.filter(({ alternative }) => !known.has(alternative));
    if (open.length === 0) {
      for (const each of chosen) if (!told.has(each.alternative)) tell(each);
      return;
    }
    const left = Math.max(0, mostAsked * params.most - known.size);
    for (const { alternative } of open.slice(left)) leftOut.add(alternative);
    await job.each(open.slice(0, left), async (candidate) => {
      const { alternative, at } = candidate;
      const values = await ask(candidate);
      known.set(alternative, values);
      if (!bounded.delete(alternative)) {
        tell(candidate);
        return;
      }
      const written = looks.get(at)?.logProbability ?? NaN;
      alternatives[alternative] = { first: (values[0] ?? NaN) - written, written };
    });
  }
}
