import type {
  AskAnswer,
  AskParams,
  AskResult,
  Sampling,
  TokenNotification,
} from "../protocol/host.ts";
import { isWholeJson } from "../text/wholeJson.ts";
import type { UsageMeter } from "./meter.ts";
import type { GrammarState, ModelSequence, Token } from "./model.ts";
import { begun, sequenceCapacity } from "./promptTokens.ts";
import { sampleToken, samplingQuery, seededRandom, type SampledToken } from "./sample.ts";
import { createSlotJob, evaluateStart, type JobContext, type SlotJob } from "./slotJob.ts";
import { createTextStream } from "./streamText.ts";

const greedy: Sampling = { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 };

/** `null`, or with an id `cancelled`: so it ended. */
export type AskOutcome = AskAnswer;

/**
 * Asks in words and answers a token a step, so that typing goes first between tokens. Throws as
 * `generateJob` does.
 * @param grammar fresh, from the request's schema; absent where it has none.
 */
export function askJob(
  context: JobContext,
  params: AskParams,
  grammar: GrammarState | undefined,
  onToken: (token: Omit<TokenNotification, "id">) => void = () => undefined,
): SlotJob<AskOutcome> {
  const { model } = context;
  const prompt = begun(model, model.chat(params.messages, params.answerPrefix));
  return createSlotJob<AskOutcome>(context, {
    prompt,
    priority: params.priority,
    cancelled: (meter) =>
      params.id === undefined ? null : { text: "", finish: "cancelled", usage: meter.usage() },
    steps: (sequence, meter) => ask(context, params, prompt, grammar, onToken, sequence, meter),
  });
}

async function* ask(
  context: JobContext,
  params: AskParams,
  prompt: readonly Token[],
  grammar: GrammarState | undefined,
  onToken: (token: Omit<TokenNotification, "id">) => void,
  sequence: ModelSequence,
  meter: UsageMeter,
): AsyncGenerator<undefined, AskResult> {
  const { model } = context;
  const stream = createTextStream(model, []);
  const capacity = sequenceCapacity(model);
  const { sampling = greedy } = params;
  const random = seededRandom(sampling.seed ?? Math.floor(Math.random() * 2 ** 32));
  const recent: Token[] = [];
  const choose = async (tokens: readonly Token[]): Promise<SampledToken> => {
    if (grammar !== undefined) {
      // How likely a token is within a grammar says nothing of the answer.
      return { token: await sequence.nextAllowed(tokens, grammar), logProbability: 0 };
    }
    const next = await sequence.next(tokens, samplingQuery(sampling));
    return sampleToken(next, sampling, recent, random);
  };
  const finish = (kind: AskResult["finish"]): AskResult => {
    const held = stream.flush();
    if (held !== "") onToken({ text: held, logProbability: 0 });
    return { text: text + held, finish: kind, usage: meter.usage() };
  };
  let text = "";
  let input = yield* evaluateStart(context, sequence, meter, prompt);
  for (let written = 0; ; written++) {
    if (written >= params.maxTokens) return finish("length");
    if (sequence.length + input.length > capacity) return finish("length");
    const evaluate = (): Promise<SampledToken> => choose(input);
    if (written > 0) model.useThreads("decode");
    const { token, logProbability } =
      written > 0 ? await meter.decode(evaluate) : await meter.prefill(input.length, evaluate);
    yield;
    if (model.isEnd(token)) return finish("stop");
    recent.push(token);
    const shown = stream.push(token).text;
    text += shown;
    onToken({ text: shown, logProbability });
    // The grammar would go on with line breaks.
    if (grammar !== undefined && isWholeJson(text)) return finish("stop");
    input = [token];
  }
}
