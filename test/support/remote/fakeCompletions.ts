import type { ServerResponse } from "node:http";
import { openEvents, pause } from "./fakeServer.ts";

/** The body of a `/v1/completions` that fakes look at. */
export interface FakeCompletionsBody {
  readonly model?: string;
  readonly prompt: string | number[];
  readonly suffix?: string;
  readonly max_tokens: number;
  readonly logprobs?: number;
  readonly stream?: boolean;
}

export interface FakeStream {
  readonly texts: readonly string[];
  readonly promptTokens: number;
  readonly cachedTokens?: number;
  readonly tokenMs?: number;
}

/** Streams texts as OpenAI's completions do, a token an event, with usage at the end. */
export async function streamCompletions(
  body: FakeCompletionsBody,
  { texts, promptTokens, cachedTokens, tokenMs = 0 }: FakeStream,
  response: ServerResponse,
): Promise<void> {
  const send = openEvents(response);
  const shown = texts.slice(0, body.max_tokens);
  const isCut = shown.length < texts.length;
  for (const [at, text] of shown.entries()) {
    await pause(tokenMs, response);
    if (response.destroyed) return;
    const isLast = at === shown.length - 1;
    const logprobs = { tokens: [text], token_logprobs: [-0.5], top_logprobs: [{ [text]: -0.5 }] };
    const reason = isLast ? (isCut ? "length" : "stop") : null;
    const choice = { index: 0, text, finish_reason: reason };
    send({ choices: [body.logprobs === undefined ? choice : { ...choice, logprobs }] });
  }
  const details =
    cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } };
  send({
    choices: [],
    usage: { prompt_tokens: promptTokens, completion_tokens: shown.length, ...details },
  });
  send("[DONE]");
  response.end();
}

/** The text that a pattern of ours makes outputs begin with. */
export function beginningOf(pattern: string | undefined): readonly string[] {
  if (pattern === undefined) return [];
  return [pattern.replace(/\[\\s\\S\]\*$/, "").replace(/\\(.)/g, "$1")];
}
