import { afterEach, describe, expect, it } from "vitest";
import {
  startFakeLlamaServer,
  type FakeLlamaServer,
  type FakeLlamaServerOptions,
} from "../../../support/remote/fakeLlamaServer.ts";
import { generateText, startTestEngine } from "../../../support/remote/remoteEngines.ts";
import type { RemoteEngine } from "../../../../server/engine/remote/types.ts";

let server: FakeLlamaServer;
let engine: RemoteEngine;

async function start(options: FakeLlamaServerOptions = {}): Promise<void> {
  server = await startFakeLlamaServer(options);
  engine = await startTestEngine({ url: server.url });
}

afterEach(async () => {
  engine.dispose();
  await server.close();
});

describe("a remote engine on llama-server", () => {
  it("is known by what it answers and describes its model", async () => {
    await start({ model: "Qwen2.5-Coder-7B-Instruct" });
    expect(engine.kind).toBe("llama-server");
    expect(engine.state).toMatchObject({
      kind: "ready",
      backend: { used: "remote" },
      model: {
        name: "Qwen2.5-Coder-7B-Instruct",
        architecture: "qwen2",
        finetune: "Instruct",
        parameters: 7e9,
        contextSize: 4096,
        specialTokens: expect.arrayContaining(["<fim_prefix>", "<file_sep>"]) as unknown,
      },
    });
  });

  it("streams text with probabilities and tells what it cost", async () => {
    await start();
    const first = await generateText(engine, { maxTokens: 3 });
    expect(first.text).toBe(" a + b");
    expect(first.tokens[0]).toEqual({ text: " a", logProbability: -0.5 });
    expect(first.outcome).toMatchObject({
      kind: "done",
      value: { finish: "length", usage: { evaluatedTokens: 25, reusedTokens: 0 } },
    });
    const again = await generateText(engine, { maxTokens: 3 });
    expect(again.outcome).toMatchObject({ value: { usage: { evaluatedTokens: 1 } } });
  });

  it("sends special tokens by id and user text that spells one as its plain tokens", async () => {
    await start();
    await generateText(engine, {
      prompt: [{ special: "<fim_prefix>" }, { text: "a" }, { text: "<fim_middle>" }],
    });
    const { prompt } = server.of("/completion")[0]?.body as { prompt: unknown[] };
    expect(prompt).toEqual([257, "a", ...Buffer.from("<fim_middle>")]);
  });

  it("takes the text that it has to begin with off the stream", async () => {
    await start({ complete: () => ["rn", " é"] });
    const { text } = await generateText(engine, { heal: ' "retuß' });
    expect(text).toBe("rn é");
  });

  it("ends at a stop string, which is not streamed, and closes the connection", async () => {
    await start({ tokenMs: 5 });
    const { text, outcome } = await generateText(engine, { stopStrings: ["+ b\n"] });
    expect(text).toBe(" a ");
    expect(outcome).toMatchObject({ value: { finish: "stop", stopString: "+ b\n" } });
    await expect.poll(() => server.of("/completion")[0]?.closedEarly).toBe(true);
  });

  it("ends at a stop token", async () => {
    await start({ complete: () => ["x", "<file_sep>", "y"] });
    const { text, outcome } = await generateText(engine, { stopTokens: ["<file_sep>"] });
    expect(text).toBe("x");
    expect(outcome).toMatchObject({ value: { finish: "stop" } });
  });

  it("closes the connection at once when it is cancelled", async () => {
    await start({ tokenMs: 5, complete: () => Array<string>(500).fill("x") });
    const abort = new AbortController();
    const running = generateText(engine, { maxTokens: 500 }, abort.signal);
    await expect.poll(() => server.of("/completion").length).toBe(1);
    abort.abort();
    const { outcome } = await running;
    expect(outcome.kind).toBe("cancelled");
    await expect.poll(() => server.of("/completion")[0]?.closedEarly).toBe(true);
  });

  it("warms a prompt, tokenises plain text and says that it is well", async () => {
    await start();
    const { signal } = new AbortController();
    const warmed = await engine.warm({ prompt: [{ text: "abc" }], priority: "typing" }, signal);
    expect(warmed).toMatchObject({ kind: "done", value: { evaluatedTokens: 3 } });
    expect(await engine.tokenize(["<fim_pad>", ""])).toEqual({
      kind: "done",
      value: [[...Buffer.from("<fim_pad>")], []],
    });
    expect(await engine.check(signal)).toMatchObject({ kind: "done" });
  });
});
