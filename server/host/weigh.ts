import { setImmediate } from "node:timers/promises";
import type { Odds, WeighedNotification, WeighParams, WeighResult } from "../protocol/host.ts";
import { chooseCandidates, type Candidate } from "../tokens/candidates.ts";
import { checkLooks } from "../tokens/looks.ts";
import { createTokenEdits, firstEndingAfter, type TokenizedText } from "../tokens/tokenEdits.ts";
import { tokenEnds } from "../tokens/tokenEnds.ts";
import { candidateOf, checkChanges, tokensOf } from "../tokens/weighText.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, Token } from "./model.ts";
import { checkLength, promptTokens } from "./promptTokens.ts";
import { createSlotJob, type JobContext, type SlotJob } from "./slotJob.ts";
import { weighCandidate } from "./weighCandidate.ts";
import { scan } from "./weighScan.ts";

/** `undefined`: cancelled. */
export type WeighOutcome = WeighResult | undefined;

/** Tokenising goes on for so long, in milliseconds, before other jobs get their turn. */
const tokenizeSliceMs = 15;

/**
 * Weighs alternatives of a text: one pass over the text, then the tokens of the most promising
 * alternatives, those at the text's end first, so that the cache always holds what comes before.
 * @throws CodedError VALIDATION_ERROR or CONTEXT_OVERFLOW, before anything is evaluated;
 * SCORES_INVALID while it runs.
 */
export function weighJob(
  context: JobContext,
  params: WeighParams,
  onWeighed: (weighed: Omit<WeighedNotification, "id">) => void,
): SlotJob<WeighOutcome> {
  const { model } = context;
  checkChanges(params);
  const prefix = prefixTokens(context, params);
  const tokens = model.tokenize(params.text);
  checkLength(model, prefix.length + tokens.length);
  const written = { text: params.text, tokens, ends: tokenEnds(model, params.text, tokens) };
  return createSlotJob<WeighOutcome>(context, {
    prompt: [...prefix, ...tokens],
    priority: params.priority,
    cancelled: () => undefined,
    steps: (sequence, meter) => weigh(context, params, prefix, written, onWeighed, sequence, meter),
  });
}

async function* weigh(
  context: JobContext,
  params: WeighParams,
  prefix: readonly Token[],
  written: TokenizedText,
  onWeighed: (weighed: Omit<WeighedNotification, "id">) => void,
  sequence: ModelSequence,
  meter: UsageMeter,
): AsyncGenerator<undefined, WeighResult> {
  const offset = prefix.length;
  const all = [...prefix, ...written.tokens];
  const candidates = yield* tokenizeAlternatives(context, params, offset, written);
  const firstLooked = offset + firstEndingAfter(written.ends, params.from);
  const asked = new Map<number, Token[]>();
  for (const { at, tokens } of candidates) {
    asked.set(at, [...new Set([...(asked.get(at) ?? []), ...tokens.slice(0, 1)])]);
  }
  // Nothing is known of a token before which there is none.
  const from = Math.max(1, Math.min(firstLooked, ...asked.keys()));
  const memory = context.memory.of(all);
  const { looks } = memory;
  yield* scan(context, sequence, meter, all, from, asked, looks);
  checkLooks(looks.values());

  const alternatives: WeighResult["alternatives"] = params.alternatives.map(() => ({}));
  for (const { alternative, at, tokens } of candidates) {
    const look = looks.get(at);
    const first = look?.asked.get(tokens[0] ?? -1);
    if (look === undefined || first === undefined) continue;
    alternatives[alternative] = {
      first: first - look.logProbability,
      written: look.logProbability,
    };
  }
  for (const candidate of chooseCandidates(candidates, alternatives, params)) {
    const odds: Odds = yield* weighCandidate(
      { context, sequence, meter, all, memory, giveUp: params.giveUp },
      candidate,
    );
    const { alternative } = candidate;
    const { first = 0, written: logProbability = 0 } = alternatives[alternative] ?? {};
    alternatives[alternative] = { first, written: logProbability, odds };
    onWeighed({ alternative, first, written: logProbability, odds });
  }
  return {
    tokens: tokensOf(written, offset, firstLooked, looks),
    alternatives,
    usage: meter.usage(),
  };
}

/** The alternatives whose first differing token the scan can look at. */
async function* tokenizeAlternatives(
  { model, now }: JobContext,
  params: WeighParams,
  offset: number,
  written: TokenizedText,
): AsyncGenerator<undefined, Candidate[]> {
  const candidates: Candidate[] = [];
  const edits = createTokenEdits(model, written);
  let sliceEnd = now() + tokenizeSliceMs;
  for (const [alternative, each] of params.alternatives.entries()) {
    const edit = edits.of(each.changes);
    const candidate = candidateOf(written, offset, edit, alternative, each, params.horizon);
    if (candidate !== undefined) {
      checkLength(model, candidate.at + candidate.tokens.length);
      candidates.push(candidate);
    }
    if (now() < sliceEnd) continue;
    // Nothing here waits for the model: without a turn of its own the socket would not be read, and a
    // key or a ping that came meanwhile would go unheard.
    await setImmediate();
    yield;
    sliceEnd = now() + tokenizeSliceMs;
  }
  return candidates;
}

function prefixTokens({ model }: JobContext, params: WeighParams): Token[] {
  if (params.prefix.length > 0) return promptTokens(model, params.prefix, 0);
  return model.beginToken === undefined ? [] : [model.beginToken];
}
