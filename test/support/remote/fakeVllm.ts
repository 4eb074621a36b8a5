import type { ServerResponse } from "node:http";
import {
  sendJson,
  startFakeServer,
  type FakeRequest,
  type FakeServer,
  type FakeServerOptions,
} from "./fakeServer.ts";
import { beginningOf, streamCompletions, type FakeCompletionsBody } from "./fakeCompletions.ts";
import { createFakePrefixCache, createFakeVocabulary, starCoderSpecial } from "./fakeTokens.ts";

export interface FakeVllmOptions extends Omit<FakeServerOptions, "answer"> {
  readonly model?: string;
  readonly special?: readonly string[];
  readonly contextSize?: number;
  readonly key?: string;
  readonly tokenMs?: number;
  readonly complete?: (body: FakeVllmBody) => readonly string[];
  /** Which of its fields makes outputs begin with a text; versions differ. */
  readonly healing?: "structured_outputs" | "guided_regex" | "none";
}

export interface FakeVllmBody extends FakeCompletionsBody {
  readonly structured_outputs?: { readonly regex?: string };
  readonly guided_regex?: string;
  readonly prompt_logprobs?: number;
  readonly stop_token_ids?: readonly number[];
}

/** Speaks as vLLM does to what remote engines ask of it. */
export async function startFakeVllm(options: FakeVllmOptions = {}): Promise<FakeServer> {
  const { model = "fake-coder-7b", special = starCoderSpecial, contextSize = 4096 } = options;
  const { complete = () => [" a", " +", " b", "\n"], healing = "structured_outputs" } = options;
  const { key, tokenMs } = options;
  const vocabulary = createFakeVocabulary(special);
  const cached = createFakePrefixCache(64);

  async function answer({ path, body, authorization }: FakeRequest, response: ServerResponse) {
    if (path === "/health") response.writeHead(200).end();
    else if (path === "/version") sendJson(response, { version: "0.32.0" });
    else if (path === "/tokenize") {
      const tokens = vocabulary.encode((body as { prompt: string }).prompt, true);
      const token_strs = tokens.map((id) => vocabulary.textOf(id));
      sendJson(response, { count: tokens.length, max_model_len: contextSize, tokens, token_strs });
    } else if (path === "/detokenize") {
      const { tokens } = body as { tokens: number[] };
      sendJson(response, { prompt: tokens.map((id) => vocabulary.textOf(id)).join("") });
    } else if (path.startsWith("/v1/") && key !== undefined && authorization !== `Bearer ${key}`) {
      sendJson(response, { error: "Unauthorized" }, 401);
    } else if (path === "/v1/models") {
      const entry = { id: model, object: "model", owned_by: "vllm", root: model };
      sendJson(response, { data: [{ ...entry, max_model_len: contextSize }] });
    } else if (path === "/v1/completions") await generate(body as FakeVllmBody, response);
    else sendJson(response, { detail: "Not Found" }, 404);
  }

  async function generate(body: FakeVllmBody, response: ServerResponse): Promise<void> {
    const { prompt, model: wanted = model } = body;
    const ids = typeof prompt === "string" ? vocabulary.encode(prompt, true) : prompt;
    if (wanted !== model) {
      const message = `The model \`${wanted}\` does not exist.`;
      sendJson(response, { error: { message, type: "NotFoundError", code: 404 } }, 404);
    } else if (ids.length + body.max_tokens > contextSize) {
      const message = `This model's maximum context length is ${contextSize} tokens.`;
      sendJson(response, { error: { message, type: "BadRequestError", code: 400 } }, 400);
    } else if (body.prompt_logprobs !== undefined) {
      sendJson(response, {
        choices: [{ text: "x", prompt_logprobs: ids.map((id, at) => (at === 0 ? null : of(id))) }],
        usage: { prompt_tokens: ids.length, completion_tokens: 1 },
      });
    } else {
      const pattern =
        healing === "structured_outputs"
          ? body.structured_outputs?.regex
          : healing === "guided_regex"
            ? body.guided_regex
            : undefined;
      const texts = [...beginningOf(pattern), ...complete(body)];
      const cachedTokens = cached(ids);
      await streamCompletions(
        body,
        {
          texts,
          promptTokens: ids.length,
          cachedTokens,
          ...(tokenMs === undefined ? {} : { tokenMs }),
        },
        response,
      );
    }
  }

  const of = (id: number) => ({
    [id]: { logprob: -2, rank: 2, decoded_token: vocabulary.textOf(id) },
    120: { logprob: -1, rank: 1, decoded_token: "x" },
  });
  return startFakeServer({ ...options, answer });
}
