import type { ServerResponse } from "node:http";
import {
  openEvents,
  pause,
  sendJson,
  startFakeServer,
  type FakeRequest,
  type FakeServer,
  type FakeServerOptions,
} from "./fakeServer.ts";
import { createFakePrefixCache, createFakeVocabulary, starCoderSpecial } from "./fakeTokens.ts";

export interface FakeLlamaServerOptions extends Omit<FakeServerOptions, "answer"> {
  readonly model?: string;
  readonly special?: readonly string[];
  readonly contextSize?: number;
  /** Bearer key that it wants. */
  readonly key?: string;
  /** Milliseconds before each token. */
  readonly tokenMs?: number;
  /** The texts of the tokens that it generates, as for the body of a `/completion`. */
  readonly complete?: (body: FakeCompletionBody) => readonly string[];
}

export interface FakeCompletionBody {
  readonly prompt: string | (string | number)[];
  readonly n_predict: number;
  readonly grammar?: string;
  readonly n_probs?: number;
}

export interface FakeLlamaServer extends FakeServer {
  /** While true it answers 503, as while it loads its model. */
  loading: boolean;
  /** Answers in place of the usual; return false to let the usual answer come. */
  intercept: ((request: FakeRequest, response: ServerResponse) => boolean) | undefined;
}

const usualTokens = [" a", " +", " b", "\n", "\n", "print", "(", "1", ")", "\n"];

/** Speaks as llama.cpp's server does to what remote engines ask of it. */
export async function startFakeLlamaServer(
  options: FakeLlamaServerOptions = {},
): Promise<FakeLlamaServer> {
  const { model = "fake-coder-7b", special = starCoderSpecial, contextSize = 4096 } = options;
  const { key, tokenMs = 0, complete = () => usualTokens } = options;
  const vocabulary = createFakeVocabulary(special);
  const cached = createFakePrefixCache();

  async function answer(request: FakeRequest, response: ServerResponse): Promise<void> {
    const { path, body } = request;
    if (fake.intercept?.(request, response) === true) return;
    if (fake.loading) {
      fail(response, 503, "Loading model", "unavailable_error");
      return;
    }
    if (path === "/health") {
      sendJson(response, { status: "ok" });
      return;
    }
    if (key !== undefined && request.authorization !== `Bearer ${key}`) {
      fail(response, 401, "Invalid API Key", "authentication_error");
      return;
    }
    if (path === "/v1/models") {
      const meta = {
        n_vocab: 300,
        n_ctx_train: contextSize,
        n_params: 7e9,
        size: 1,
        ftype: "Q8_0",
      };
      const entry = { id: model, aliases: [model], object: "model", owned_by: "llamacpp", meta };
      sendJson(response, { object: "list", data: [entry] });
      return;
    }
    if (path === "/props") {
      sendJson(response, {
        default_generation_settings: { n_ctx: contextSize },
        total_slots: 2,
        model_alias: model,
        model_ftype: "Q8_0",
        chat_template: "",
      });
      return;
    }
    if (path === "/tokenize") {
      tokenize(body as TokenizeBody, response);
      return;
    }
    if (path === "/completion") return generate(body as FakeCompletionBody, response);
    fail(response, 404, "File Not Found", "not_found_error");
  }

  function tokenize(body: TokenizeBody, response: ServerResponse): void {
    const ids = vocabulary.encode(body.content, body.parse_special ?? true);
    const tokens = ids.map((id) => ({ id, piece: vocabulary.textOf(id) }));
    sendJson(response, { tokens: body.with_pieces === true ? tokens : ids });
  }

  async function generate(body: FakeCompletionBody, response: ServerResponse): Promise<void> {
    const parts = typeof body.prompt === "string" ? [body.prompt] : body.prompt;
    const prompt = parts.flatMap((part) =>
      typeof part === "number" ? [part] : vocabulary.encode(part, true),
    );
    if (prompt.length >= contextSize) {
      const what = `request (${prompt.length} tokens) exceeds the available context size`;
      fail(response, 400, what, "exceed_context_size_error");
      return;
    }
    const cache = cached(prompt);
    const timings = { cache_n: cache, prompt_n: prompt.length - cache, prompt_ms: 1 };
    const spelled = /^root ::= "((?:[^"\\]|\\.)*)"/.exec(body.grammar ?? "")?.[1];
    const cut = spelled === undefined ? [] : [unescaped(spelled)];
    const all = [...cut, ...complete(body)];
    const texts = all.slice(0, Math.max(1, body.n_predict));
    const send = openEvents(response);
    for (const [index, content] of texts.entries()) {
      await pause(tokenMs, response);
      if (response.destroyed) return;
      const isSpecial = special.includes(content);
      send({
        content: isSpecial ? "" : content,
        tokens: [isSpecial ? vocabulary.encode(content, true)[0] : 1],
        stop: false,
        timings: { ...timings, predicted_n: index + 1, predicted_ms: index + 1 },
        ...((body.n_probs ?? 0) > 0
          ? { completion_probabilities: [{ token: content, logprob: -0.5, top_logprobs: [] }] }
          : {}),
      });
    }
    send({
      content: "",
      tokens: [],
      stop: true,
      model,
      stop_type: texts.length < all.length ? "limit" : "eos",
      tokens_evaluated: prompt.length,
      timings: { ...timings, predicted_n: texts.length, predicted_ms: texts.length },
    });
    response.end();
  }

  const server = await startFakeServer({ ...options, answer });
  const fake: FakeLlamaServer = { ...server, loading: false, intercept: undefined };
  return fake;
}

interface TokenizeBody {
  readonly content: string;
  readonly parse_special?: boolean;
  readonly with_pieces?: boolean;
}

function fail(response: ServerResponse, code: number, message: string, type: string): void {
  sendJson(response, { error: { code, message, type } }, code);
}

function unescaped(text: string): string {
  return text.replace(/\\U([0-9a-f]{8})/gi, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}
