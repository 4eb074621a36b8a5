import { CodedError } from "../../../protocol/errors.ts";
import type { DecideResult, Usage } from "../../../protocol/host.ts";
import { sharesOf, type WeighedOption } from "../../../tokens/options.ts";
import type { DecideRequest } from "../../engine.ts";
import { chatAnswerSchema, textOf, usageOf, type ChatAnswer } from "./answers.ts";
import type { ChatOptions } from "./chat.ts";
import { continuesAnswers, conversationOf } from "./messages.ts";

/** As many likeliest tokens as servers tell at most unless they are started otherwise. */
const likeliest = { "llama-server": 20, vllm: 20, openai: 20, tgi: 5 } as const;

/**
 * How likely each option is as an answer, token by token from the likeliest tokens that the server
 * tells: one request for all options, and one more for those that begin alike and go on. An option
 * whose next token is not among them counts as not likely at all: `covered` is what is known.
 */
export async function decide(
  options: ChatOptions,
  request: DecideRequest,
  signal: AbortSignal,
): Promise<DecideResult> {
  const { now } = options;
  const startedAt = now();
  let [evaluatedTokens, reusedTokens, generatedTokens] = [0, 0, 0];
  const known = new Map<string, ReadonlyMap<string, number>>();

  async function after(begun: string): Promise<ReadonlyMap<string, number>> {
    const before = known.get(begun);
    if (before !== undefined) return before;
    const { next, usage } = await nextTokens(options, request, begun, signal);
    evaluatedTokens += usage.evaluatedTokens ?? 0;
    reusedTokens += usage.reusedTokens ?? 0;
    generatedTokens += usage.generatedTokens ?? 0;
    known.set(begun, next);
    return next;
  }

  const weighed: WeighedOption<string>[] = [];
  for (const option of request.options) {
    const pieces: string[] = [];
    let probability = 1;
    for (let rest = option; rest !== "" && probability > 0;) {
      const next = await after(pieces.join(""));
      // Tokenisers take the longest piece that fits.
      const [piece] = [...next.keys()]
        .filter((each) => rest.startsWith(each))
        .sort((a, b) => b.length - a.length);
      probability *= piece === undefined ? 0 : (next.get(piece) ?? 0);
      pieces.push(piece ?? rest);
      rest = rest.slice((piece ?? rest).length);
    }
    weighed.push({ pieces, probability });
  }
  const usage = { queueMs: 0, prefillMs: now() - startedAt, decodeMs: 0 };
  return {
    ...sharesOf(weighed),
    usage: { ...usage, evaluatedTokens, reusedTokens, generatedTokens },
  };
}

/** Probabilities of the likeliest next tokens by their text, after the beginning of an answer. */
async function nextTokens(
  { kind, model, specialTokens, transport }: ChatOptions,
  { messages, answerPrefix }: DecideRequest,
  begun: string,
  signal: AbortSignal,
): Promise<{ next: ReadonlyMap<string, number>; usage: Partial<Usage> }> {
  const prefix = answerPrefix + begun;
  if (prefix !== "" && !continuesAnswers(kind)) {
    const detail = "It does not go on with the beginning of an answer.";
    throw new CodedError("LOGPROBS_UNAVAILABLE", detail);
  }
  const conversation = conversationOf(kind, messages, prefix, specialTokens);
  const body = {
    model,
    messages: conversation.messages,
    ...conversation.options,
    ...{ max_tokens: 1, temperature: 0, logprobs: true, top_logprobs: likeliest[kind] },
  };
  const path = `${transport.paths.v1}/chat/completions`;
  let answer: ChatAnswer;
  try {
    answer = await transport.json({ path, body, schema: chatAnswerSchema }, signal);
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof CodedError) || thrown.code !== "ENDPOINT_REFUSED") {
      throw thrown;
    }
    throw new CodedError("LOGPROBS_UNAVAILABLE", thrown.message, thrown);
  }
  const [first] = answer.choices[0]?.logprobs?.content ?? [];
  if (first === undefined) {
    throw new CodedError("LOGPROBS_UNAVAILABLE", "It gives no probabilities of an answer.");
  }
  const next = new Map<string, number>();
  for (const token of [first, ...(first.top_logprobs ?? [])]) {
    const text = textOf(token);
    if (text === undefined || text === "" || token.logprob === null) continue;
    next.set(text, Math.min(1, Math.exp(token.logprob)));
  }
  return { next, usage: usageOf(answer) };
}
