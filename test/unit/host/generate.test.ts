import { describe, expect, it } from "vitest";
import { generateJob } from "../../../server/host/generate.ts";
import type { GenerateParams } from "../../../server/protocol/host.ts";
import { fakeModel, type FakeModelOptions } from "./fakeModel.ts";
import { contextOf, restlessScheduler } from "./jobContext.ts";

const vocabulary = [
  "<pre>",
  "<end>",
  "<sep>",
  "a",
  "b",
  " ",
  " re",
  " ret",
  " return",
  "turn",
  "n",
];
const words = [...vocabulary, " x", ";", ";\n", "\n", "z", "ret", "u", "r"];

const params: GenerateParams = {
  id: "1",
  prompt: [{ special: "<pre>" }, { text: "ab" }],
  heal: "",
  priority: "typing",
  maxTokens: 4,
  sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
  stopTokens: [],
  stopStrings: [],
};

async function generate(changes: Partial<GenerateParams>, options: Partial<FakeModelOptions> = {}) {
  const model = fakeModel({ vocabulary: words, ...options });
  const tokens: { text: string; logProbability: number }[] = [];
  const job = generateJob(contextOf(model), { ...params, ...changes }, (token) => {
    tokens.push(token);
  });
  const result = await restlessScheduler().submit(job, new AbortController().signal);
  return { text: tokens.map((token) => token.text).join(""), tokens, result, model };
}

/** A model that goes on with these tokens, one after another, whatever came before `<pre>ab`. */
const says =
  (...texts: string[]) =>
  (before: string): Record<string, number> => {
    let spoken = before.slice("<pre>ab".length);
    for (const text of texts) {
      if (spoken === "") return { [text]: 5 };
      spoken = spoken.slice(text.length);
    }
    return { "<end>": 5 };
  };

describe("generating", () => {
  it("streams the likeliest tokens until the end of generation", async () => {
    const { text, result } = await generate({}, { predict: says("n", ";") });
    expect(text).toBe("n;");
    expect(result).toMatchObject({ finish: "stop", usage: { evaluatedTokens: 3 } });
  });

  it("stops at the number of tokens asked for", async () => {
    const { text, result } = await generate({ maxTokens: 2 }, { predict: () => ({ n: 1 }) });
    expect(text).toBe("nn");
    expect(result.finish).toBe("length");
  });

  it("stops at a stop token and does not stream it", async () => {
    const { text, result } = await generate(
      { stopTokens: ["<sep>"] },
      { predict: says("n", "<sep>") },
    );
    expect(text).toBe("n");
    expect(result.finish).toBe("stop");
    expect(result).not.toHaveProperty("stopString");
  });

  it("holds text back that may begin a stop string, and streams it when it does not", async () => {
    const { tokens } = await generate({ stopStrings: [";\n\n"] }, { predict: says("n", ";", "z") });
    expect(tokens.map((token) => token.text)).toEqual(["n", "", ";z"]);
  });

  it("streams what it held back when the length is reached", async () => {
    const { text } = await generate(
      { stopStrings: [";\n"], maxTokens: 2 },
      { predict: says("n", ";") },
    );
    expect(text).toBe("n;");
  });

  it("ends before a stop string that spans tokens", async () => {
    const { text, result } = await generate(
      { stopStrings: ["\n\n"] },
      { predict: says("n", ";\n", "\n") },
    );
    expect(text).toBe("n;");
    expect(result).toMatchObject({ finish: "stop", stopString: "\n\n" });
  });

  it("reports the probability before any filter", async () => {
    const { tokens } = await generate({ maxTokens: 1 }, { predict: () => ({ n: 2, z: 1 }) });
    const total = Math.exp(2) + Math.exp(1) + (words.length - 2) * Math.exp(-10);
    expect(tokens[0]?.logProbability).toBeCloseTo(2 - Math.log(total), 6);
  });

  it("leaves a prompt alone that the cache holds already", async () => {
    const model = fakeModel({ vocabulary: words, predict: says("n") });
    const context = contextOf(model);
    const scheduler = restlessScheduler();
    const run = () =>
      scheduler.submit(
        generateJob(context, params, () => undefined),
        new AbortController().signal,
      );
    await run();
    const { usage } = await run();
    expect(usage).toMatchObject({ evaluatedTokens: 1, reusedTokens: 2 });
  });

  it("refuses a prompt that leaves no room for a token, before evaluating any of it", () => {
    const model = fakeModel({ vocabulary: words, contextSize: 4 });
    expect(() => generateJob(contextOf(model), params, () => undefined)).toThrow(
      expect.objectContaining({ code: "CONTEXT_OVERFLOW" }) as Error,
    );
    expect(model.calls).toEqual([]);
  });

  it("ends with the context instead of letting the engine shift it", async () => {
    const { result, text } = await generate(
      { maxTokens: 50 },
      { predict: () => ({ n: 1 }), contextSize: 8 },
    );
    expect(result.finish).toBe("length");
    expect(text).toBe("nnnnn");
  });

  it("refuses a special token that the vocabulary lacks", () => {
    const prompt = [{ special: "<suf>" }];
    const context = contextOf(fakeModel({ vocabulary: words }));
    expect(() => generateJob(context, { ...params, prompt }, () => undefined)).toThrow(
      expect.objectContaining({ code: "VALIDATION_ERROR" }) as Error,
    );
  });
});

describe("healing", () => {
  const likesReturn = (before: string): Record<string, number> =>
    before === "<pre>ab" ? { z: 9, " return": 3, " ret": 2 } : { ";": 5 };

  it("spells the cut text with the likeliest token that goes on past it", async () => {
    const { text, tokens } = await generate(
      { heal: " retur", maxTokens: 2 },
      { predict: likesReturn },
    );
    expect(text).toBe("n;");
    expect(tokens[0]?.logProbability).toBeCloseTo(3 - Math.log(Math.exp(3) + Math.exp(2)), 3);
  });

  it("does the same while the vocabulary is not known yet", async () => {
    const options = { predict: likesReturn, vocabularyKnown: false };
    expect((await generate({ heal: " retur", maxTokens: 2 }, options)).text).toBe("n;");
  });

  it("spells it in several tokens where those are likelier", async () => {
    const { text } = await generate(
      { heal: " retur", maxTokens: 1 },
      {
        predict: (before) =>
          before === "<pre>ab"
            ? { " re": 4, " return": 3 }
            : before.endsWith(" re")
              ? { turn: 1 }
              : {},
      },
    );
    expect(text).toBe("n");
  });

  it("streams nothing for tokens that only spell the cut text", async () => {
    const { text, tokens } = await generate(
      { heal: " ret", maxTokens: 1 },
      { predict: (before) => (before === "<pre>ab" ? { " ret": 5, " return": 1 } : { u: 5 }) },
    );
    expect(text).toBe("u");
    expect(tokens).toHaveLength(1);
  });

  it("falls back to the cut text's own tokens when none of the likely ones agrees", async () => {
    const known = fakeModel({ vocabulary: ["<pre>", "<end>", "a", "b", "q", "é"] });
    const tokens: string[] = [];
    const vocabularyWithoutQ = known.vocabulary?.map((text) => (text === "q" ? "" : text));
    const model = { ...known, textOf: (token: number) => vocabularyWithoutQ?.[token] ?? "" };
    const job = generateJob(
      contextOf({ ...model, vocabulary: vocabularyWithoutQ }),
      { ...params, heal: "q", maxTokens: 1 },
      (token) => tokens.push(token.text),
    );
    await restlessScheduler().submit(job, new AbortController().signal);
    expect(known.calls).toEqual(["next 3", "next 1"]);
  });
});
