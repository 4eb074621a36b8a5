import { afterEach, describe, expect, it } from "vitest";
import type { FakeServer } from "../../../support/remote/fakeServer.ts";
import { startFakeOpenAi } from "../../../support/remote/fakeOpenAi.ts";
import { startFakeTgi, type FakeTgiBody } from "../../../support/remote/fakeTgi.ts";
import { startFakeVllm, type FakeVllmBody } from "../../../support/remote/fakeVllm.ts";
import { generateText, startTestEngine } from "../../../support/remote/remoteEngines.ts";
import { createLlamaServerReader } from "../../../../server/engine/remote/dialects/llamaServer/stream.ts";
import type { RemoteEngine } from "../../../../server/engine/remote/types.ts";
import { detectFamily } from "../../../../server/completion/prompt/families.ts";

let server: FakeServer;
let engine: RemoteEngine;

async function start(starting: Promise<FakeServer>): Promise<void> {
  server = await starting;
  engine = await startTestEngine({ url: server.url });
}

afterEach(async () => {
  engine.dispose();
  await server.close();
});

function family(): string | undefined {
  const { state } = engine;
  return state.kind === "ready" ? detectFamily(state.model)?.id : state.kind;
}

describe("a remote engine on vLLM", () => {
  it("sends a text whose special tokens the server reads, and tells what its cache held", async () => {
    await start(startFakeVllm());
    const prompt = [{ special: "<fim_prefix>" }, { text: "a: Array<string>" }];
    await generateText(engine, { prompt });
    const { outcome } = await generateText(engine, { prompt, stopTokens: ["<file_sep>"] });
    const { body } = server.of("/v1/completions").at(-1) as { body: FakeVllmBody };
    expect(body).toMatchObject({ prompt: "<fim_prefix>a: Array<string>", stop_token_ids: [262] });
    expect(outcome).toMatchObject({ value: { usage: { evaluatedTokens: 1, reusedTokens: 16 } } });
    expect([engine.kind, family(), engine.limits]).toEqual(["vllm", "starcoder2", []]);
  });

  it("sends ids where user text spells a special token, which stays text", async () => {
    await start(startFakeVllm());
    await generateText(engine, { prompt: [{ special: "<fim_prefix>" }, { text: "<fim_pad>" }] });
    const { body } = server.of("/v1/completions").at(-1) as { body: FakeVllmBody };
    expect(body.prompt).toEqual([257, ...Buffer.from("<fim_pad>")]);
  });

  it("heals by the field that its version heeds", async () => {
    await start(startFakeVllm({ healing: "guided_regex", complete: () => ["rn", " x"] }));
    expect((await generateText(engine, { heal: " re(tu" })).text).toBe("rn x");
  });

  it("keeps only what begins with the cut text where the version heeds none", async () => {
    await start(startFakeVllm({ healing: "none", complete: () => [" return", " x"] }));
    expect((await generateText(engine, { heal: " retu" })).text).toBe("rn x");
    const other = await generateText(engine, { heal: " rex" });
    expect(other).toMatchObject({ text: "", outcome: { value: { finish: "stop" } } });
    expect(engine.limits.join()).toContain("in the middle of a word");
  });

  it("says that a prompt is too long", async () => {
    await start(startFakeVllm({ contextSize: 64 }));
    const { outcome } = await generateText(engine, { prompt: [{ text: "x".repeat(80) }] });
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "CONTEXT_OVERFLOW" } });
  });
});

describe("a remote engine on TGI", () => {
  it("generates, with special tokens by its tokenizer and others put apart", async () => {
    await start(startFakeTgi());
    const prompt = [{ special: "<fim_prefix>" }, { text: "<fim_pad> <b>" }];
    const { text, outcome } = await generateText(engine, { prompt });
    expect([engine.kind, family(), text]).toEqual(["tgi", "starcoder2", " a + b"]);
    expect(outcome).toMatchObject({ value: { finish: "stop", usage: { evaluatedTokens: 9 } } });
    const { body } = server.of("/generate_stream").at(-1) as { body: FakeTgiBody };
    expect(body.inputs).toBe("<fim_prefix>< fim_pad> <b>");
  });

  it("heals by a regular expression, or keeps only what begins so", async () => {
    await start(startFakeTgi({ complete: () => ["rn"] }));
    expect((await generateText(engine, { heal: "retu" })).text).toBe("rn");
    engine.dispose();
    await server.close();
    await start(startFakeTgi({ grammars: false, complete: () => ["retu", "rn"] }));
    expect((await generateText(engine, { heal: "retu" })).text).toBe("rn");
  });
});

describe("a remote engine on another server of OpenAI's completions", () => {
  it("uses the special tokens of its model's family after they were seen to work", async () => {
    await start(startFakeOpenAi({ fills: "tokens", models: ["Qwen/Qwen2.5-Coder-7B"] }));
    expect([engine.kind, family()]).toEqual(["openai", "qwen2.5-coder"]);
    const prompt = [{ special: "<|fim_prefix|>" }, { text: "<|im_end|>" }];
    await generateText(engine, { prompt });
    expect(server.of("/v1/completions").at(-1)?.body).toMatchObject({
      prompt: "<|fim_prefix|>< |im_end|>",
    });
  });

  it("uses `suffix` where that is heeded, whatever the parts of the prompt are called", async () => {
    await start(startFakeOpenAi({ fills: "suffix" }));
    expect(family()).toBe("starcoder");
    const prompt = [
      ...[{ special: "<fim_prefix>" }, { text: "a" }, { special: "<fim_suffix>" }],
      ...[{ text: "c" }, { special: "<fim_middle>" }, { text: "b" }],
    ];
    await generateText(engine, { prompt });
    expect(server.of("/v1/completions").at(-1)?.body).toMatchObject({ prompt: "ab", suffix: "c" });
  });

  it("has no special tokens where neither works, and says so", async () => {
    await start(startFakeOpenAi({ models: ["gpt-5-codex"] }));
    expect(family()).toBeUndefined();
    expect(engine.limits.join()).toContain("not seen to fill in the middle");
  });

  it("leaves out what the server refuses", async () => {
    await start(startFakeOpenAi({ refuses: ["logprobs", "stream_options"] }));
    const { text, tokens } = await generateText(engine);
    expect(text).toBe(" a + b");
    expect(engine.limits.join()).toContain("no probabilities");
    // Certainty would show every suggestion.
    expect(tokens.every(({ logProbability }) => logProbability < 0)).toBe(true);
  });
});

it("While it reads a prompt it tells how much of it, which is no token", () => {
  const read = createLlamaServerReader(new Set());
  const event =
    '{"index":0,"content":"","tokens":[0],"stop":false,"id_slot":-1,"tokens_predicted":0,"tokens_evaluated":1080,"timings":{"cache_n":24,"prompt_n":256,"prompt_ms":6486.7,"predicted_n":0,"predicted_ms":0.0},"prompt_progress":{"total":1080,"cache":24,"processed":280,"time_ms":6486}}';
  expect(read(event)).toEqual([
    { kind: "usage", usage: { evaluatedTokens: 256, reusedTokens: 24 } },
  ]);
});
