import type { DecideParams, DecideResult } from "../protocol/host.ts";
import { sharesOf } from "../tokens/options.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, Token } from "./model.ts";
import { begun, checkLength } from "./promptTokens.ts";
import { score } from "./score.ts";
import { createSlotJob, type JobContext, type SlotJob } from "./slotJob.ts";

/** `null`: cancelled. */
export type DecideOutcome = DecideResult | null;

/**
 * The probability of each option as an answer, from one pass over the question and, for options of
 * several tokens, over those. Throws as `generateJob` does.
 */
export function decideJob(context: JobContext, params: DecideParams): SlotJob<DecideOutcome> {
  const { model } = context;
  const prompt = begun(model, model.chat(params.messages, params.answerPrefix));
  const options = params.options.map((option) => model.tokenize(option));
  for (const tokens of options) checkLength(model, prompt.length + tokens.length);
  return createSlotJob<DecideOutcome>(context, {
    prompt,
    priority: params.priority,
    cancelled: () => null,
    steps: (sequence, meter) => decide(context, prompt, options, sequence, meter),
  });
}

async function* decide(
  context: JobContext,
  prompt: readonly Token[],
  options: readonly (readonly Token[])[],
  sequence: ModelSequence,
  meter: UsageMeter,
): AsyncGenerator<undefined, DecideResult> {
  const { candidates, usage } = yield* score(context, prompt, options, sequence, meter);
  const weighed = candidates.map((tokens, index) => ({
    pieces: options[index] ?? [],
    probability: Math.exp(tokens.reduce((sum, { logProbability }) => sum + logProbability, 0)),
  }));
  return { ...sharesOf(weighed), usage };
}
