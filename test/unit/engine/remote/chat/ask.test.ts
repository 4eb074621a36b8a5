import { describe, expect, it } from "vitest";
import { CodedError } from "../../../../../server/protocol/errors.ts";
import type { AskRequest } from "../../../../../server/engine/engine.ts";
import { ends, fakeChat, says } from "./fakeChat.ts";

const never = new AbortController().signal;
const question: AskRequest = {
  messages: [
    { role: "system", text: "Answer." },
    { role: "user", text: "What?" },
  ],
  answerPrefix: "",
  priority: "background",
  maxTokens: 20,
};
const role = { choices: [{ delta: { role: "assistant", content: null }, finish_reason: null }] };

describe("asking a server in words", () => {
  it("streams the answer with its tokens' probabilities and tells what it cost", async () => {
    const { chat, bodies } = fakeChat("vllm", [
      [role, says("Hel", -0.5), says("lo", -0.25), ...ends("stop")],
    ]);
    const tokens: unknown[] = [];
    const outcome = await chat.ask(question, never, (token) => tokens.push(token));
    expect(outcome).toMatchObject({
      kind: "done",
      value: {
        ...{ text: "Hello", finish: "stop" },
        usage: { evaluatedTokens: 6, reusedTokens: 4, generatedTokens: 3 },
      },
    });
    expect(tokens).toEqual([
      { text: "Hel", logProbability: -0.5 },
      { text: "lo", logProbability: -0.25 },
    ]);
    expect(bodies[0]).toMatchObject({
      ...{ model: "served", stream: true, temperature: 0, max_tokens: 20, logprobs: true },
      messages: [
        { role: "system", content: "Answer." },
        { role: "user", content: "What?" },
      ],
    });
  });

  it("leaves a server that thinks aloud without end", async () => {
    const thinks = { choices: [{ delta: { reasoning_content: "Hm" }, finish_reason: null }] };
    const { chat, read } = fakeChat("vllm", [Array.from({ length: 1000 }, () => thinks)]);
    const outcome = await chat.ask(question, never);
    expect(outcome).toMatchObject({ kind: "done", value: { text: "", finish: "length" } });
    expect(read).toEqual([question.maxTokens + 1]);
  });

  it("draws its answer where it is asked to", async () => {
    const sampling = { temperature: 0.7, topP: 0.9, topK: 40, repetitionPenalty: 1.1, seed: 5 };
    const bodyFor = async (kind: "vllm" | "llama-server" | "openai") => {
      const { chat, bodies } = fakeChat(kind, [ends("stop")]);
      await chat.ask({ ...question, sampling }, never);
      return bodies[0];
    };
    const common = { temperature: 0.7, top_p: 0.9, seed: 5 };
    expect(await bodyFor("vllm")).toMatchObject({ ...common, top_k: 40, repetition_penalty: 1.1 });
    expect(await bodyFor("llama-server")).toMatchObject({ ...common, repeat_penalty: 1.1 });
    expect(await bodyFor("openai")).not.toHaveProperty("top_k");
  });

  it.each([
    ["that repeats it", ["```p", "ython\n", "a", " = 1"], "a = 1"],
    ["that does not", ["a", " = 1"], "a = 1"],
    ["that begins like it and departs", ["```", "js\n", "a"], "```js\na"],
    ["that ends within it", ["```p"], "```p"],
  ])("goes on from the answer's beginning at a server %s", async (_, pieces, text) => {
    const { chat, bodies } = fakeChat("vllm", [
      [...pieces.map((piece) => says(piece)), ...ends("stop")],
    ]);
    const outcome = await chat.ask({ ...question, answerPrefix: "```python\n" }, never);
    expect(outcome).toMatchObject({ kind: "done", value: { text, finish: "stop" } });
    expect(bodies[0]?.messages.at(-1)).toEqual({ role: "assistant", content: "```python\n" });
    expect(bodies[0]).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
  });

  it("asks for the answer's beginning where a server cannot go on from it", async () => {
    const { chat, bodies } = fakeChat("openai", [[says("```py\nb"), ...ends("stop")]]);
    const outcome = await chat.ask({ ...question, answerPrefix: "```py\n" }, never);
    expect(outcome).toMatchObject({ value: { text: "b" } });
    expect(bodies[0]?.messages).toHaveLength(2);
    expect(bodies[0]?.messages[1]?.content).toMatch(/^What\?[^]*```py\n$/);
  });

  it.each([
    ["vllm", { type: "json_schema", json_schema: { strict: true } }],
    ["llama-server", { type: "json_schema", json_schema: { strict: true } }],
    ["openai", { type: "json_schema", json_schema: { strict: false } }],
    ["tgi", { type: "json_object" }],
  ] as const)("answers within a schema at %s, and ends with the JSON", async (kind, format) => {
    const { chat, bodies, read } = fakeChat(kind, [
      [
        says('{"a":'),
        says("1}"),
        ...Array.from({ length: 9 }, () => says("\n")),
        ...ends("length"),
      ],
    ]);
    const schema = {
      type: "object",
      properties: { a: { oneOf: [{ type: "null" }, { enum: [1] }] } },
    };
    const outcome = await chat.ask({ ...question, schema }, never);
    expect(outcome).toMatchObject({ value: { text: '{"a":1}', finish: "stop" } });
    expect(read).toEqual([6]);
    expect(bodies[0]?.response_format).toMatchObject(format);
    const sent = JSON.stringify(bodies[0]?.response_format);
    expect(sent).toContain('"anyOf":[{"type":"null"},{"enum":[1]}]');
    expect(sent).toContain('"required":["a"],"additionalProperties":false');
  });

  it("asks once more without what a server refuses", async () => {
    const { chat, bodies } = fakeChat("openai", [
      new CodedError("ENDPOINT_REFUSED"),
      [says("{}"), ...ends("stop")],
    ]);
    const schema = { type: "object", properties: {} };
    const outcome = await chat.ask({ ...question, schema }, never, () => undefined);
    expect(outcome).toMatchObject({ kind: "done", value: { text: "{}" } });
    expect(bodies[1]).not.toHaveProperty("response_format");
    expect(bodies[1]).not.toHaveProperty("logprobs");
  });

  it("says that an answer was cut off, also at a server that has no end", async () => {
    const cut = fakeChat("vllm", [[says("a"), ...ends("length")]]);
    expect(await cut.chat.ask(question, never)).toMatchObject({ value: { finish: "length" } });
    const endless = fakeChat("vllm", [Array.from({ length: 500 }, () => says("a"))]);
    expect(await endless.chat.ask(question, never)).toMatchObject({ value: { finish: "length" } });
    expect(endless.read).toEqual([21]);
  });

  it("lets no text of a message become a special token", async () => {
    const { chat, bodies } = fakeChat("vllm", [ends("stop")]);
    const text = "a <|im_end|> b <fim_prefix> c </s> [INST] <｜User｜> if (a <s> b) x<|y||z";
    await chat.ask({ ...question, messages: [{ role: "user", text }] }, never);
    const plain = "a < |im_end|> b < fim_prefix> c < /s> [ INST] < ｜User｜> if (a < s> b) x<|y||z";
    expect(bodies[0]?.messages[0]?.content).toBe(plain);
  });

  it("closes the connection and settles at once when cancelled", async () => {
    const stop = new AbortController();
    const { chat } = fakeChat("vllm", [[says("a"), says("b"), ...ends("stop")]]);
    const outcome = await chat.ask(question, stop.signal, () => stop.abort());
    expect(outcome).toMatchObject({ kind: "cancelled", usage: { generatedTokens: 1 } });
  });

  it.each([
    ["HTML", "<html>", "ENDPOINT_PROTOCOL"],
    ["an error", { error: { message: "out of memory" } }, "ENDPOINT_FAILED"],
  ])("fails where %s comes in the stream", async (_, event, code) => {
    const { chat } = fakeChat("vllm", [[says("a"), event as object]]);
    expect(await chat.ask(question, never)).toMatchObject({ kind: "failed", error: { code } });
  });
});
