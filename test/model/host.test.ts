import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostService } from "../../server/host/hostService.ts";
import { checkModelFile, hasChanged } from "../../server/host/modelFile.ts";
import type { HostModel } from "../../server/host/model.ts";
import type { GenerateParams, PromptPart } from "../../server/protocol/host.ts";
import { bundledModelPath, startBundledModel } from "../support/bundledModel.ts";

const folder = mkdtempSync(join(tmpdir(), "host-model-"));
const never = new AbortController().signal;

let model: HostModel;
let service: HostService;
beforeAll(async () => {
  ({ model, service } = await startBundledModel());
});
afterAll(async () => {
  await service.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const fim = (before: string, after = "\n}\n"): PromptPart[] => [
  { special: "<fim_prefix>" },
  { special: "<fim_suffix>" },
  { text: after },
  { special: "<fim_middle>" },
  { text: before },
];
const request = (changes: Partial<GenerateParams>): GenerateParams => ({
  id: "1",
  prompt: fim("export function sum(a: number, b: number): number {\n "),
  heal: " retur",
  priority: "typing",
  maxTokens: 6,
  sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
  stopTokens: ["<file_sep>"],
  stopStrings: ["\n"],
  ...changes,
});
async function generate(params: GenerateParams, signal = never) {
  const tokens: { text: string; logProbability: number }[] = [];
  const result = await service.generate(params, (token) => tokens.push(token), signal);
  return { result, tokens, text: tokens.map(({ text }) => text).join("") };
}

describe("the bundled model in the host", () => {
  it("is described by what its file says", () => {
    expect(service.state).toMatchObject({
      kind: "ready",
      backend: { requested: "cpu", used: "cpu" },
      model: {
        architecture: "starcoder2",
        tokenizerPre: "starcoder",
        quantization: "Q8_0",
        contextSize: 1024,
        vocabularySize: 8192,
      },
    });
    expect(model.description.specialTokens).toEqual(
      expect.arrayContaining(["<fim_prefix>", "<fim_middle>", "<file_sep>", "<|endoftext|>"]),
    );
  });

  it("heals a word cut in the middle of a token", async () => {
    const { text, tokens } = await generate(request({}));
    expect(text).toMatch(/^n\b/);
    expect(tokens[0]?.logProbability).toBeLessThanOrEqual(0);
  });

  it("evaluates one prompt token while a word is being typed", async () => {
    await generate(request({ heal: " re" }));
    const { result } = await generate(request({ heal: " ret" }));
    expect(result.usage.evaluatedTokens).toBe(1);
    expect(result.usage.reusedTokens).toBeGreaterThan(10);
  });

  it("takes special tokens in the user's text for text", async () => {
    const text = "<fim_prefix><|endoftext|>";
    const [tokens = []] = await service.tokenize([text]);
    expect(tokens).not.toContain(model.special("<fim_prefix>"));
    expect(tokens.length).toBeGreaterThan(2);
    expect(model.detokenize(tokens)).toBe(text);
    const { result } = await generate(request({ prompt: fim(`const s = "${text}";\n`), heal: "" }));
    expect(result.finish).not.toBe("cancelled");
  });

  it("gives text back as it was, spaces before punctuation included", async () => {
    const text = "return a !== b ? x ?? y : [ ...c , 'd' ] .e ; // größe 日本 👩‍👧\n";
    const [tokens = []] = await service.tokenize([text]);
    expect(model.detokenize(tokens)).toBe(text);
    expect(model.textOf((await service.tokenize([" !=="]))[0]?.at(-1) ?? -1)).toBe(" !==");
  });

  it("refuses what does not fit into the context", async () => {
    await expect(generate(request({ prompt: fim("a b c ".repeat(2000)) }))).rejects.toMatchObject({
      code: "CONTEXT_OVERFLOW",
    });
  });

  it("fills the context to its end without losing its beginning", async () => {
    const line = "const value = 1;\n";
    const [tokens = []] = await service.tokenize([line.repeat(200)]);
    const perLine = tokens.length / 200;
    const prompt = fim(line.repeat(Math.floor(1005 / perLine)));
    const { result } = await generate(
      request({ prompt, heal: "", maxTokens: 500, stopStrings: [], stopTokens: [] }),
    );
    expect(["length", "stop"]).toContain(result.finish);
    const filled = model.sequences.some(
      (sequence) => sequence.sharedPrefix([model.special("<fim_prefix>") ?? -1]) === 1,
    );
    expect(filled).toBe(true);
    expect(Math.max(...model.sequences.map((sequence) => sequence.length))).toBeLessThan(1024);
  });

  it("stops in the middle of a long prompt and keeps what was evaluated", async () => {
    const prompt = fim(
      Array.from({ length: 90 }, (_, line) => `const value${line} = ${line * 7};\n`).join(""),
    );
    const stop = new AbortController();
    const cancelled = generate(request({ prompt, heal: "" }), stop.signal);
    await expect
      .poll(() => service.health().slots.some((slot) => slot.busy && slot.tokens > 0), {
        interval: 1,
      })
      .toBe(true);
    stop.abort();
    const { result } = await cancelled;
    expect(result.finish).toBe("cancelled");
    expect(service.health().queued).toBe(0);
    const again = await generate(request({ prompt, heal: "" }));
    expect(again.result.usage.reusedTokens).toBeGreaterThan(0);
  });

  it("gives the same text after any detour", async () => {
    const first = await generate(request({ maxTokens: 12 }));
    await generate(request({ prompt: fim("class Other {\n"), heal: "" }));
    const second = await generate(request({ maxTokens: 12 }));
    expect(second.text).toBe(first.text);
  });

  it("draws the same text with the same seed", async () => {
    const sampling = { temperature: 1, topP: 0.95, topK: 40, repetitionPenalty: 1.1, seed: 5 };
    const [first, second] = [
      await generate(request({ sampling, stopStrings: [] })),
      await generate(request({ sampling, stopStrings: [] })),
    ];
    expect(second.text).toBe(first.text);
  });

  it("scores each token no better than the best one, and a right text better than a wrong one", async () => {
    const prefix = fim("export function sum(a: number, b: number): number {\n ");
    const result = await service.score(
      { prefix, candidates: [" return a", " return }"], priority: "background" },
      never,
    );
    const sums = (result?.candidates ?? []).map((tokens) =>
      tokens.reduce((sum, token) => sum + token.logProbability, 0),
    );
    for (const token of result?.candidates.flat() ?? []) {
      expect(token.logProbability).toBeLessThanOrEqual(token.bestLogProbability + 1e-4);
      expect(token.bestLogProbability).toBeLessThanOrEqual(0);
    }
    expect(sums[0]).toBeGreaterThan(sums[1] ?? 0);
    expect(result?.candidates[0]?.map(({ text }) => text).join("")).toBe(" return a");
  });

  it("scores the same whether or not the prefix is in the cache", async () => {
    const params = {
      prefix: fim("let a = 1;\n"),
      candidates: ["let b = 2;"],
      priority: "background" as const,
    };
    const first = await service.score(params, never);
    const second = await service.score(params, never);
    expect(second?.usage.reusedTokens).toBeGreaterThan(0);
    for (const [index, token] of (first?.candidates[0] ?? []).entries()) {
      const again = second?.candidates[0]?.[index];
      expect(again?.logProbability).toBeCloseTo(token.logProbability, 1);
    }
  });

  it("warms a prompt so that the next request finds it", async () => {
    const prompt = fim("interface Warm {\n  name: string;\n");
    const { finish } = await service.warm({ prompt, priority: "speculation" }, never);
    expect(finish).toBe("done");
    const { result } = await generate(request({ prompt, heal: "" }));
    expect(result.usage.evaluatedTokens).toBe(1);
  });
});

describe("a model file", () => {
  const at = (name: string) => join(folder, name);

  it.each([
    ["that is missing", "missing.gguf", () => undefined, "MODEL_NOT_FOUND"],
    ["that is empty", "empty.gguf", (path: string) => writeFileSync(path, ""), "MODEL_INVALID"],
    [
      "that is garbage",
      "text.gguf",
      (path: string) => writeFileSync(path, "hello"),
      "MODEL_INVALID",
    ],
    ["that is a folder", ".", () => undefined, "MODEL_INVALID"],
    [
      "that is cut short",
      "short.gguf",
      (path: string) => {
        copyFileSync(bundledModelPath, path);
        truncateSync(path, 3_000_000);
      },
      "MODEL_INVALID",
    ],
  ] as const)("%s is refused before the engine sees it", async (_, name, make, code) => {
    make(at(name));
    await expect(checkModelFile(at(name))).rejects.toMatchObject({ code });
  });

  it("is known to have changed when another took its place, not when it was deleted", async () => {
    const path = at("replaced.gguf");
    copyFileSync(bundledModelPath, path);
    const identity = await checkModelFile(path);
    expect(await hasChanged(path, identity)).toBe(false);
    rmSync(path);
    expect(await hasChanged(path, identity)).toBe(false);
    writeFileSync(path, "GGUF, another");
    expect(await hasChanged(path, identity)).toBe(true);
  });
});
