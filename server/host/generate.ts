import type { GenerateParams, GenerateResult, TokenNotification } from "../protocol/host.ts";
import { healingQuery, healingToken } from "./heal.ts";
import type { UsageMeter } from "./meter.ts";
import type { ModelSequence, NextTokens, Token } from "./model.ts";
import { checkLength, promptTokens, sequenceCapacity } from "./promptTokens.ts";
import { sampleToken, samplingQuery, seededRandom } from "./sample.ts";
import { createSlotJob, evaluatePrompt, type JobContext, type SlotJob } from "./slotJob.ts";
import { createTextStream } from "./streamText.ts";
import type { StopFound } from "../text/stopStrings.ts";

/**
 * Generates after a prompt: evaluates it, spells `heal`, then decodes freely.
 * @throws CodedError VALIDATION_ERROR or CONTEXT_OVERFLOW, before anything is evaluated.
 */
export function generateJob(
  context: JobContext,
  params: GenerateParams,
  onToken: (token: Omit<TokenNotification, "id">) => void,
): SlotJob<GenerateResult> {
  const { model } = context;
  const prompt = promptTokens(model, params.prompt);
  checkLength(model, prompt.length + model.tokenize(params.heal).length + 1);
  return createSlotJob(context, {
    prompt,
    priority: params.priority,
    cancelled: (meter) => ({ finish: "cancelled", usage: meter.usage() }),
    steps: (sequence, meter) => generate(context, params, prompt, onToken, sequence, meter),
  });
}

async function* generate(
  context: JobContext,
  params: GenerateParams,
  prompt: readonly Token[],
  onToken: (token: Omit<TokenNotification, "id">) => void,
  sequence: ModelSequence,
  meter: UsageMeter,
): AsyncGenerator<undefined, GenerateResult> {
  const { model } = context;
  const { sampling } = params;
  const capacity = sequenceCapacity(model);
  const stream = createTextStream(model, params.stopStrings);
  const random = seededRandom(sampling.seed ?? Math.floor(Math.random() * 2 ** 32));
  const free = samplingQuery(sampling);
  const stopTokens = new Set(params.stopTokens.map((text) => model.special(text)));
  const recent: Token[] = [...prompt.slice(-64)];
  const finish = (kind: "stop" | "length"): GenerateResult => ({
    finish: kind,
    ...(stopString === undefined ? {} : { stopString }),
    usage: meter.usage(),
  });
  const advance = (tokens: readonly Token[], query: Parameters<ModelSequence["next"]>[1]) => {
    context.model.useThreads("decode");
    return meter.decode(() => sequence.next(tokens, query));
  };
  let streamed = 0;
  let stopString: string | undefined;

  /** Streams what a token adds; true when the text is complete. */
  const show = (shown: StopFound, logProbability: number): boolean => {
    streamed++;
    stopString = shown.stopString;
    const last = !shown.stopped && streamed >= params.maxTokens;
    const text = last ? shown.text + stream.flush() : shown.text;
    onToken({ text, logProbability });
    return shown.stopped;
  };

  let rest = params.heal;
  let next: NextTokens = yield* evaluatePrompt(
    context,
    sequence,
    meter,
    prompt,
    rest === "" ? free : healingQuery(model, rest),
  );

  while (rest !== "") {
    const healed = healingToken(model, rest, next);
    if (healed === undefined) {
      const tokens = model.tokenize(rest);
      rest = "";
      if (sequence.length + tokens.length > capacity) return finish("length");
      next = await advance(tokens, free);
    } else {
      const beyond = healed.text.slice(rest.length);
      rest = rest.slice(healed.text.length);
      recent.push(healed.token);
      if (beyond !== "") {
        if (show(stream.pushText(beyond), healed.logProbability)) return finish("stop");
        if (streamed >= params.maxTokens) return finish("length");
      }
      if (sequence.length + 1 > capacity) return finish("length");
      next = await advance([healed.token], rest === "" ? free : healingQuery(model, rest));
    }
    yield;
  }

  for (;;) {
    const { token, logProbability } = sampleToken(next, sampling, recent, random);
    if (model.isEnd(token) || stopTokens.has(token)) {
      const text = stream.flush();
      // What was held back belongs to tokens already counted: it adds nothing to the sum.
      if (text !== "") onToken({ text, logProbability: 0 });
      return finish("stop");
    }
    recent.push(token);
    if (show(stream.push(token), logProbability)) return finish("stop");
    if (streamed >= params.maxTokens || sequence.length + 1 > capacity) return finish("length");
    next = await advance([token], free);
    yield;
  }
}
