import type { ScoreParams, ScoreResult } from "../protocol/host.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, NextTokens, Token } from "./model.ts";
import { checkLength, promptTokens } from "./promptTokens.ts";
import { createSlotJob, evaluatePrompt, type JobContext, type SlotJob } from "./slotJob.ts";

/** `undefined`: cancelled. */
export type ScoreOutcome = ScoreResult | undefined;

/**
 * Log-probabilities of each candidate's tokens after the prefix. The prefix is evaluated once and
 * stays in the cache; candidates are erased. Throws as `generateJob` does.
 */
export function scoreJob(context: JobContext, params: ScoreParams): SlotJob<ScoreOutcome> {
  const { model } = context;
  const prefix = promptTokens(model, params.prefix);
  const candidates = params.candidates.map((text) => model.tokenize(text));
  for (const tokens of candidates) checkLength(model, prefix.length + tokens.length);
  return createSlotJob<ScoreOutcome>(context, {
    prompt: prefix,
    priority: params.priority,
    cancelled: () => undefined,
    steps: (sequence, meter) => score(context, prefix, candidates, sequence, meter),
  });
}

/** Scores tokens after a prefix that a job of its own has made. */
export async function* score(
  context: JobContext,
  prefix: readonly Token[],
  candidates: readonly (readonly Token[])[],
  sequence: ModelSequence,
  meter: UsageMeter,
): AsyncGenerator<undefined, ScoreResult> {
  const firsts = candidates.flatMap((tokens) => tokens.slice(0, 1));
  const afterPrefix = yield* evaluatePrompt(context, sequence, meter, prefix, { tokens: firsts });
  const results: ScoreResult["candidates"] = [];
  for (const tokens of candidates) {
    await sequence.keepPrefix(prefix);
    // Some models cannot erase the end of their cache alone.
    if (sequence.length < prefix.length) {
      yield* evaluatePrompt(context, sequence, meter, prefix, {});
    }
    const looks: NextTokens[] = [afterPrefix];
    for (let done = 0; done < tokens.length - 1;) {
      const chunk = tokens.slice(done, Math.min(done + meter.chunkSize("look"), tokens.length - 1));
      const wanted = chunk.map((_, index) => tokens.slice(done + index + 1, done + index + 2));
      context.model.useThreads("prefill");
      looks.push(...(await meter.score(chunk.length, () => sequence.score(chunk, wanted))));
      done += chunk.length;
      yield;
    }
    results.push(tokens.map((token, index) => scored(context, token, looks[index])));
  }
  await sequence.keepPrefix(prefix);
  return { candidates: results, usage: meter.usage() };
}

function scored(
  { model }: JobContext,
  token: Token,
  look: NextTokens | undefined,
): ScoreResult["candidates"][number][number] {
  const found = look?.candidates.find((candidate) => candidate.token === token);
  if (look === undefined || found === undefined) throw new Error("A token was not scored.");
  return {
    text: model.textOf(token),
    logProbability: found.logit - look.logNormalizer,
    best: model.textOf(look.likeliest),
    bestLogProbability: look.likeliestLogProbability,
  };
}
