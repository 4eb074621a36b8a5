import type { ServerResponse } from "node:http";
import {
  openEvents,
  sendJson,
  startFakeServer,
  type FakeRequest,
  type FakeServer,
  type FakeServerOptions,
} from "./fakeServer.ts";
import { beginningOf } from "./fakeCompletions.ts";
import { createFakeVocabulary, starCoderSpecial } from "./fakeTokens.ts";

export interface FakeTgiOptions extends Omit<FakeServerOptions, "answer"> {
  readonly model?: string;
  readonly complete?: (body: FakeTgiBody) => readonly string[];
  /** False: started with `--disable-grammar-support`. */
  readonly grammars?: boolean;
}

export interface FakeTgiBody {
  readonly inputs: string;
  readonly parameters: {
    readonly max_new_tokens: number;
    readonly grammar?: { readonly value: string };
  };
}

/** Speaks as text-generation-inference does, by its sources, to what remote engines ask of it. */
export function startFakeTgi(options: FakeTgiOptions = {}): Promise<FakeServer> {
  const { model = "bigcode/starcoder2-3b", complete = () => [" a", " +", " b"] } = options;
  const { grammars = true } = options;
  const vocabulary = createFakeVocabulary(starCoderSpecial);

  function answer({ path, body }: FakeRequest, response: ServerResponse): void {
    if (path === "/health") response.writeHead(200).end();
    else if (path === "/info") {
      const limits = { max_input_tokens: 1024, max_total_tokens: 2048 };
      sendJson(response, { model_id: model, ...limits, version: "3.3.6" });
    } else if (path === "/v1/models")
      sendJson(response, { data: [{ id: model, owned_by: model }] });
    else if (path === "/tokenize") {
      const ids = vocabulary.encode((body as FakeTgiBody).inputs, true);
      sendJson(
        response,
        ids.map((id) => ({ id, text: vocabulary.textOf(id), start: 0, stop: 1 })),
      );
    } else if (path === "/generate_stream") generate(body as FakeTgiBody, response);
    else sendJson(response, { error: "Not Found", error_type: "not_found" }, 404);
  }

  function generate(body: FakeTgiBody, response: ServerResponse): void {
    const { grammar, max_new_tokens: most } = body.parameters;
    if (grammar !== undefined && !grammars) {
      const error = "Input validation error: `grammar` is not supported";
      sendJson(response, { error, error_type: "validation" }, 422);
      return;
    }
    const send = openEvents(response);
    const all = [...beginningOf(grammar?.value), ...complete(body)];
    const isCut = all.length > most;
    const shown = isCut ? all.slice(0, most) : [...all, "<|endoftext|>"];
    for (const [at, text] of shown.entries()) {
      const isLast = at === shown.length - 1;
      const special = starCoderSpecial.includes(text);
      const reason = isCut ? "length" : "eos_token";
      const details = { finish_reason: reason, generated_tokens: shown.length, input_length: 9 };
      const token = { id: 1, text, logprob: -0.5, special };
      send({ index: at, token, generated_text: null, details: isLast ? details : null });
    }
    response.end();
  }

  return startFakeServer({ ...options, answer });
}
