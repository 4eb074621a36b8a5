import { CodedError } from "../../../protocol/errors.ts";
import type { WeighedNotification, WeighResult } from "../../../protocol/host.ts";
import type { Candidate } from "../../../tokens/candidates.ts";
import { checkLooks } from "../../../tokens/looks.ts";
import { pieceEnds } from "../../../tokens/pieceEnds.ts";
import { firstEndingAfter, tokenEditsOf, type TokenizedText } from "../../../tokens/tokenEdits.ts";
import { withBatches } from "../../../tokens/tokenizing.ts";
import { candidateOf, checkChanges, tokensOf } from "../../../tokens/weighText.ts";
import type { WeighMemory } from "../../../tokens/weighMemory.ts";
import type { WeighRequest } from "../../engine.ts";
import { looksOf } from "./promptLooks.ts";
import type { PromptJob } from "./promptReader.ts";
import { weighCandidates } from "./weighCandidates.ts";

/** As many likeliest tokens as servers tell at most unless they are started otherwise (vLLM's `max_logprobs`). */
const top = 20;

/**
 * Weighs alternatives of a text: one request for the text, then one for each of the most promising
 * alternatives. The result is what the host would tell, but for what the server does not say: where
 * an alternative's first token is not among the likeliest told, `first` is the most it can be until
 * the alternative itself was asked for (`weighCandidates`); and where no likeliest tokens are told at
 * all, a token is held the best of its place.
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

  await weighCandidates(
    { job, read, looks, remembered: memory.of(all), params, onWeighed },
    candidates,
    alternatives,
  );
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
