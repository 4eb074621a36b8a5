import { CodedError } from "../../../protocol/errors.ts";
import type { WeighedNotification, WeighResult } from "../../../protocol/host.ts";
import { chooseCandidates, type Candidate } from "../../../tokens/candidates.ts";
import { checkLooks } from "../../../tokens/looks.ts";
import { oddsToEnd } from "../../../tokens/odds.ts";
import { pieceEnds } from "../../../tokens/pieceEnds.ts";
import { firstEndingAfter, tokenEditsOf, type TokenizedText } from "../../../tokens/tokenEdits.ts";
import { withBatches } from "../../../tokens/tokenizing.ts";
import { candidateOf, checkChanges, tokensOf } from "../../../tokens/weighText.ts";
import type { WeighMemory } from "../../../tokens/weighMemory.ts";
import type { WeighRequest } from "../../engine.ts";
import { logProbabilityOf, looksOf, mostUntold } from "./promptLooks.ts";
import type { PromptJob } from "./promptReader.ts";

/** As many likeliest tokens as servers tell at most unless they are started otherwise (vLLM's `max_logprobs`). */
const top = 20;

/** To rank those of which little is known, so many times what may be weighed is asked for. */
const mostAsked = 2;

/**
 * Weighs alternatives of a text: one request for the text, then one for each of the most promising
 * alternatives. The result is what the host would tell, with one difference: where an alternative's
 * first token is not among the likeliest that the server told, `first` is the most it can be until
 * the alternative itself was asked for. Ranked by that, all that the host would weigh come to be
 * asked for, within a bound; where it ends others, `first` of those left out stays that bound.
 */
export async function weighText(
  job: PromptJob,
  memory: WeighMemory,
  params: WeighRequest,
  onWeighed: (weighed: Omit<WeighedNotification, "id">) => void,
): Promise<WeighResult> {
  checkChanges(params);
  const prefix = await job.promptTokens(params.prefix);
  const [tokens = []] = await job.tokenize([params.text]);
  job.checkLength(prefix.length + tokens.length);
  const all = [...prefix, ...tokens];
  const offset = prefix.length;
  const alternatives: WeighResult["alternatives"] = params.alternatives.map(() => ({}));
  if (tokens.length === 0) return { tokens: [], alternatives, usage: job.usage() };
  const read = await job.read(all, top, true);
  const looks = looksOf(read);
  const ends = pieceEnds(
    params.text,
    read.slice(offset).map(({ text }) => text),
  );
  const written = { text: params.text, tokens, ends };
  const firstLooked = offset + firstEndingAfter(ends, params.from);
  const candidates = await candidatesOf(job, params, offset, written);
  const from = Math.min(firstLooked, ...candidates.map(({ at }) => at));
  checkLooks([...looks].flatMap(([index, look]) => (index < from ? [] : [look])));

  const remembered = memory.of(all);
  /** Alternatives whose first look is only bounded. */
  const bounded = new Set<number>();
  for (const { alternative, at, tokens: own } of candidates) {
    const [look, token] = [looks.get(at), read[at]];
    if (look === undefined || token === undefined) continue;
    const exact = look.asked.get(own[0] ?? -1);
    if (exact === undefined) bounded.add(alternative);
    const first = (exact ?? mostUntold(token)) - look.logProbability;
    alternatives[alternative] = { first, written: look.logProbability };
  }

  /** Log-probabilities of an alternative's tokens. */
  async function ask({ at, tokens: own }: Candidate): Promise<readonly number[]> {
    const known = remembered.known(at, own);
    if (known !== undefined) return known;
    const found = await job.read([...all.slice(0, at), ...own], 0, false);
    const values = found.slice(at).map(logProbabilityOf);
    // Both from one answer where they are compared with each other.
    const exact = looks.get(at)?.asked.get(own[0] ?? -1);
    if (exact !== undefined) values[0] = exact;
    remembered.learn(at, own, values);
    return values;
  }

  const known = new Map<number, readonly number[]>();
  const tell = (candidate: Candidate): void => {
    const { alternative } = candidate;
    const { first = 0, written: logProbability = 0 } = alternatives[alternative] ?? {};
    const values = known.get(alternative) ?? [];
    const odds = oddsToEnd(candidate, values, looks, params.giveUp);
    alternatives[alternative] = { first, written: logProbability, odds };
    onWeighed({ alternative, first, written: logProbability, odds });
  };
  const isTold = ({ alternative }: Candidate): boolean =>
    alternatives[alternative]?.odds !== undefined;
  const out = new Set<number>();
  for (;;) {
    const looked = alternatives.map((each, index) => (out.has(index) ? {} : each));
    const chosen = chooseCandidates(candidates, looked, params);
    const open = chosen.filter((each) => !known.has(each.alternative));
    const left = Math.max(0, mostAsked * params.most - known.size);
    await job.each(open.slice(0, left), async (candidate) => {
      const { alternative, at } = candidate;
      const values = await ask(candidate);
      known.set(alternative, values);
      if (!bounded.delete(alternative)) return tell(candidate);
      const look = looks.get(at)?.logProbability ?? NaN;
      alternatives[alternative] = { first: (values[0] ?? NaN) - look, written: look };
    });
    for (const { alternative } of open.slice(left)) out.add(alternative);
    // Ranks only fall: what was chosen by its exact first look stays chosen.
    if (open.length > 0) continue;
    for (const candidate of chosen) if (!isTold(candidate)) tell(candidate);
    break;
  }
  return {
    tokens: tokensOf(written, offset, firstLooked, looks),
    alternatives,
    usage: job.usage(),
  };
}

/** The alternatives whose first differing token the server told of. */
async function candidatesOf(
  job: PromptJob,
  params: WeighRequest,
  offset: number,
  written: TokenizedText,
): Promise<Candidate[]> {
  const edits = tokenEditsOf(written);
  const found = await withBatches(
    params.alternatives.map(({ changes }) => edits.of(changes)),
    (texts) => job.tokenize(texts),
  );
  return params.alternatives.flatMap((each, alternative) => {
    const edit = found[alternative];
    if (edit === undefined) throw new CodedError("INTERNAL_ERROR", "A change was not tokenised.");
    const candidate = candidateOf(written, offset, edit, alternative, each, params.horizon);
    if (candidate === undefined) return [];
    job.checkLength(candidate.at + candidate.tokens.length);
    return [candidate];
  });
}
