import type { DecideParams, DecideResult } from "../protocol/host.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, Token } from "./model.ts";
import { CodedError } from "../protocol/errors.ts";
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
  const starts = candidates.map((tokens) =>
    Math.exp(tokens.reduce((sum, { logProbability }) => sum + logProbability, 0)),
  );
  // An answer that begins with `1` may be on its way to `10`: that part is the longer option's.
  const masses = starts.map((mass, index) =>
    options.reduce(
      (left, longer, other) =>
        isLonger(longer, options[index] ?? []) ? left - (starts[other] ?? 0) : left,
      mass,
    ),
  );
  const positive = masses.map((mass) => Math.max(0, mass));
  const covered = positive.reduce((sum, mass) => sum + mass, 0);
  // Also where it is NaN.
  if (!(covered > 0)) throw new CodedError("INTERNAL_ERROR", "No option has any probability.");
  return { probabilities: positive.map((mass) => mass / covered), covered, usage };
}

/** Whether one option goes on where another ends. */
function isLonger(longer: readonly Token[], shorter: readonly Token[]): boolean {
  return longer.length > shorter.length && shorter.every((token, index) => longer[index] === token);
}
