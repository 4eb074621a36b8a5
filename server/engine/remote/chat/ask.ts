import { CodedError } from "../../../protocol/errors.ts";
import type { AskResult, Sampling, TokenNotification } from "../../../protocol/host.ts";
import { isWholeJson } from "../../../text/wholeJson.ts";
import type { AskRequest } from "../../engine.ts";
import { parseEvent } from "../dialects/parseEvent.ts";
import type { EventSaid } from "../transport/readEvents.ts";
import type { StreamMeter } from "../usageMeter.ts";
import { chatEventSchema, usageOf, type ChatEvent } from "./answers.ts";
import type { ChatOptions } from "./chat.ts";
import { conversationOf } from "./messages.ts";
import { createPrefixCut } from "./prefixCut.ts";
import { responseFormat } from "./schema.ts";

type OnToken = (token: Omit<TokenNotification, "id">) => void;

/**
 * Streams an answer. What servers do not agree on (schema, probabilities) is left out where one
 * refuses the request for it: who asks for JSON checks what comes.
 */
export async function ask(
  options: ChatOptions,
  request: AskRequest,
  meter: StreamMeter,
  signal: AbortSignal,
  onToken: OnToken | undefined,
): Promise<AskResult> {
  const { kind, transport } = options;
  const { schema } = request;
  // Grammars begin with the answer, its prefix included: within one there is none.
  const prefix = schema === undefined ? request.answerPrefix : "";
  const conversation = conversationOf(kind, request.messages, prefix, options.specialTokens);
  const plain = {
    model: options.model,
    messages: conversation.messages,
    ...conversation.options,
    ...samplingFields(options, schema === undefined ? request.sampling : undefined),
    max_tokens: request.maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  };
  const extras = {
    ...(schema === undefined ? {} : responseFormat(kind, schema)),
    ...(onToken === undefined ? {} : { logprobs: true, top_logprobs: 1 }),
  };
  const path = `${transport.paths.v1}/chat/completions`;
  const read = async (body: object): Promise<AskResult> => {
    const output = createOutput(prefix, request, meter, onToken);
    await transport.events({ path, body, onEvent: (data) => output.take(data) }, signal);
    return output.result();
  };
  if (Object.keys(extras).length === 0) return read(plain);
  try {
    return await read({ ...plain, ...extras });
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof CodedError) || thrown.code !== "ENDPOINT_REFUSED") {
      throw thrown;
    }
    return read(plain);
  }
}

/** Without sampling: the likeliest answer. */
function samplingFields({ kind }: ChatOptions, sampling: Sampling | undefined): object {
  if (sampling === undefined) return { temperature: 0 };
  const { temperature, topP, topK, repetitionPenalty, seed } = sampling;
  const ofOpenAi = { temperature, top_p: topP, ...(seed === undefined ? {} : { seed }) };
  if (kind === "llama-server") {
    return { ...ofOpenAi, top_k: topK, min_p: 0, repeat_penalty: repetitionPenalty };
  }
  if (kind === "vllm") return { ...ofOpenAi, top_k: topK, repetition_penalty: repetitionPenalty };
  return ofOpenAi;
}

/** So many tokens behind whole JSON are waited for its end. */
const mostBeyond = 3;

function createOutput(
  prefix: string,
  { maxTokens, schema }: Pick<AskRequest, "maxTokens" | "schema">,
  meter: StreamMeter,
  onToken: OnToken | undefined,
) {
  const cut = createPrefixCut(prefix);
  let text = "";
  let tokens = 0;
  let beyond = 0;
  let thoughts = 0;
  let finish: AskResult["finish"] | undefined;

  function add(more: string, logProbability: number): void {
    text += more;
    if (more !== "") onToken?.({ text: more, logProbability });
  }

  function takeChoice({ delta, finish_reason, logprobs }: ChatEvent["choices"][number]): EventSaid {
    if (finish_reason != null) {
      add(cut.flush(), 0);
      finish ??= finish_reason === "length" ? "length" : "stop";
      return "waiting";
    }
    const content = delta?.content ?? "";
    if (content === "") {
      if ((delta?.reasoning_content ?? "") === "") return "waiting";
      thoughts += 1;
      if (thoughts <= maxTokens) return "token";
      // A server that heeds its limit would have ended by now.
      finish = "length";
      return "enough";
    }
    const shown = cut.push(content);
    // A server that repeats the beginning of the answer did not generate it.
    if (shown === "") return "token";
    tokens += 1;
    meter.token();
    // Most servers end with the JSON, and then tell what it cost; some grammars go on with line breaks.
    if (finish !== undefined) return ++beyond > mostBeyond ? "enough" : "token";
    add(shown, Math.min(0, logprobs?.content?.[0]?.logprob ?? 0));
    if (tokens > maxTokens) {
      finish = "length";
      return "enough";
    }
    if (schema !== undefined && isWholeJson(text)) finish = "stop";
    return "token";
  }

  return {
    take(data: string): EventSaid {
      if (data.trim() === "[DONE]") return "end";
      const event = parseEvent(data, chatEventSchema);
      meter.said(usageOf(event));
      const [choice] = event.choices;
      return choice === undefined ? "waiting" : takeChoice(choice);
    },
    result: (): AskResult => ({ text, finish: finish ?? "stop", usage: meter.usage() }),
  };
}
