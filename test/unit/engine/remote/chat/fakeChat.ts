import { createChat, type ChatOptions } from "../../../../../server/engine/remote/chat/chat.ts";
import { CodedError } from "../../../../../server/protocol/errors.ts";

/** What a request carried. */
export interface ChatBody {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: unknown;
  readonly logprobs?: boolean;
  readonly [field: string]: unknown;
}

/** A chat over a way to a server that answers with what is given, in order; errors are thrown. */
export function fakeChat(
  kind: ChatOptions["kind"],
  answers: readonly (readonly object[] | object | Error)[],
) {
  const bodies: ChatBody[] = [];
  /** Events that were read of each streamed answer. */
  const read: number[] = [];
  const answerTo = (path: string, body: object | undefined): object => {
    if (path !== "/v1/chat/completions") throw new CodedError("ENDPOINT_NOT_FOUND", path);
    bodies.push(body as ChatBody);
    const answer = answers[bodies.length - 1];
    if (answer === undefined) throw new CodedError("ENDPOINT_FAILED", "No answer is left.");
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const chat = createChat({
    ...{ kind, model: "served", specialTokens: ["<fim_prefix>"], now: () => 0 },
    transport: {
      paths: { root: "", v1: "/v1" },
      json: ({ path, body, schema }, signal) => {
        signal.throwIfAborted();
        return Promise.resolve(schema.parse(answerTo(path, body)));
      },
      async events({ path, body, onEvent }, signal) {
        const events = [...(answerTo(path, body) as object[]), "[DONE]"];
        read.push(0);
        for (const event of events) {
          await Promise.resolve();
          signal.throwIfAborted();
          read[read.length - 1] = (read.at(-1) ?? 0) + 1;
          const said = onEvent(typeof event === "string" ? event : JSON.stringify(event));
          if (said === "enough" || said === "end") return;
        }
      },
    },
  });
  return { chat, bodies, read };
}

/** An event that adds text. */
export function says(content: string, logprob?: number): object {
  const logprobs = logprob === undefined ? null : { content: [{ token: content, logprob }] };
  return { choices: [{ index: 0, delta: { content }, finish_reason: null, logprobs }] };
}

/** The events that end an answer. */
export function ends(reason: string, promptTokens = 10, cached = 4): object[] {
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: 3,
    prompt_tokens_details: { cached_tokens: cached },
  };
  return [{ choices: [{ delta: {}, finish_reason: reason }] }, { choices: [], usage }];
}
