import type { AskParams, AskResult } from "../protocol/host.ts";
import type { UsageMeter } from "./meter.ts";
import type { GrammarState, ModelSequence, Token } from "./model.ts";
import { begun, sequenceCapacity } from "./promptTokens.ts";
import { createSlotJob, evaluateStart, type JobContext, type SlotJob } from "./slotJob.ts";
import { createTextStream } from "./streamText.ts";

/** `null`: cancelled. */
export type AskOutcome = AskResult | null;

/**
 * Asks in words and answers greedily, a token a step, so that typing goes first between tokens.
 * Throws as `generateJob` does.
 * @param grammar fresh, from the request's schema; absent where it has none.
 */
export function askJob(
  context: JobContext,
  params: AskParams,
  grammar: GrammarState | undefined,
): SlotJob<AskOutcome> {
  const { model } = context;
  const prompt = begun(model, model.chat(params.messages, params.answerPrefix));
  return createSlotJob<AskOutcome>(context, {
    prompt,
    priority: params.priority,
    cancelled: () => null,
    steps: (sequence, meter) => ask(context, params, prompt, grammar, sequence, meter),
  });
}

async function* ask(
  context: JobContext,
  params: AskParams,
  prompt: readonly Token[],
  grammar: GrammarState | undefined,
  sequence: ModelSequence,
  meter: UsageMeter,
): AsyncGenerator<undefined, AskResult> {
  const { model } = context;
  const stream = createTextStream(model, []);
  const capacity = sequenceCapacity(model);
  const choose = async (tokens: readonly Token[]): Promise<Token> =>
    grammar === undefined
      ? (await sequence.next(tokens, {})).likeliest
      : await sequence.nextAllowed(tokens, grammar);
  const finish = (kind: AskResult["finish"]): AskResult => ({
    text: text + stream.flush(),
    finish: kind,
    usage: meter.usage(),
  });
  let text = "";
  let input = yield* evaluateStart(context, sequence, meter, prompt);
  for (let written = 0; ; written++) {
    if (written >= params.maxTokens) return finish("length");
    if (sequence.length + input.length > capacity) return finish("length");
    const evaluate = (): Promise<Token> => choose(input);
    if (written > 0) model.useThreads("decode");
    const token =
      written > 0 ? await meter.decode(evaluate) : await meter.prefill(input.length, evaluate);
    yield;
    if (model.isEnd(token)) return finish("stop");
    text += stream.push(token).text;
    // The grammar would go on with line breaks.
    if (grammar !== undefined && isWholeJson(text)) return finish("stop");
    input = [token];
  }
}

/** Whether a text is a whole JSON object or array. */
function isWholeJson(text: string): boolean {
  if (!/[}\]]\s*$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
