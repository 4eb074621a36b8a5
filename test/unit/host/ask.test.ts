import { describe, expect, it } from "vitest";
import { askJob } from "../../../server/host/ask.ts";
import { decideJob } from "../../../server/host/decide.ts";
import type { AskParams, DecideParams } from "../../../server/protocol/host.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { fakeModel, type FakeModelOptions } from "./fakeModel.ts";
import { contextOf, restlessScheduler } from "./jobContext.ts";

const vocabulary = [
  ...["<system>", "<user>", "<answer>", "<end>"],
  ...["a", "b", "{", "}", "[", "]", '"', "\n", "1", "0", "7", " "],
];
const never = new AbortController().signal;

/** What follows `<answer>` in a text that the fake model has read. */
const answerIn = (before: string): string => before.slice(before.lastIndexOf("<answer>") + 8);

const question: AskParams = {
  messages: [
    { role: "system", text: "ab" },
    { role: "user", text: "ba" },
  ],
  answerPrefix: "",
  priority: "background",
  maxTokens: 8,
};

async function ask(
  changes: Partial<AskParams>,
  options: Partial<FakeModelOptions>,
  signal: AbortSignal = never,
  onToken?: Parameters<typeof askJob>[3],
) {
  const model = fakeModel({ vocabulary, ...options });
  const params = { ...question, ...changes };
  const grammar = params.schema === undefined ? undefined : await model.grammar(params.schema);
  const scheduler = restlessScheduler();
  const result = await scheduler.submit(askJob(contextOf(model), params, grammar, onToken), signal);
  return { model, result };
}

describe("asking", () => {
  it("answers with the likeliest text up to the end of generation", async () => {
    const predict = (before: string) =>
      before === "<system>ab<user>ba<answer>" ? { b: 5 } : { "<end>": 5 };
    const { result } = await ask({}, { predict });
    expect(result).toMatchObject({ text: "b", finish: "stop", usage: { evaluatedTokens: 7 } });
  });

  it("goes on behind the answer's prefix and leaves it out of the text", async () => {
    const predict = (before: string) => (answerIn(before) === "a" ? { b: 5 } : { "<end>": 5 });
    const { result } = await ask({ answerPrefix: "a" }, { predict });
    expect(result).toMatchObject({ text: "b", finish: "stop" });
  });

  it("says that an answer was cut off", async () => {
    const { result } = await ask({ maxTokens: 3 }, { predict: () => ({ a: 5 }) });
    expect(result).toMatchObject({ text: "aaa", finish: "length" });
  });

  it("says so too where the context is full", async () => {
    const { result } = await ask({}, { predict: () => ({ a: 5 }), contextSize: 10 });
    expect(result).toMatchObject({ finish: "length" });
  });

  it("chooses within the grammar and ends with the JSON", async () => {
    const { result, model } = await ask(
      { schema: { type: "object" } },
      { predict: () => ({ a: 9, "}": 8 }), allows: (text) => "{}\n\n".startsWith(text) },
    );
    expect(result).toMatchObject({ text: "{}", finish: "stop" });
    expect(model.calls.filter((call) => call.startsWith("allowed"))).toHaveLength(2);
  });

  it("tells of each token as it comes, with how likely the model found it", async () => {
    const predict = (before: string) => (answerIn(before) === "" ? { a: 5, b: 5 } : { "<end>": 5 });
    const told: { readonly text: string; readonly logProbability: number }[] = [];
    await ask({ id: "1" }, { predict }, never, (token) => told.push(token));
    expect(told).toEqual([
      { text: "a", logProbability: expect.closeTo(Math.log(0.5), 3) as number },
    ]);
  });

  it("draws its answer where it is told to, the same for the same seed", async () => {
    const sampling = { temperature: 1, topP: 1, topK: 0, repetitionPenalty: 1 };
    const predict = () => ({ a: 5, b: 5, "1": 5 });
    const answers = [];
    for (const seed of [1, 1, 2]) {
      const { result } = await ask({ sampling: { ...sampling, seed } }, { predict });
      answers.push(result?.text);
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).not.toBe(answers[2]);
    expect(answers[0]).not.toBe("aaaaaaaa");
  });

  it("tells what it cost when it was cancelled, where it has an id", async () => {
    const controller = new AbortController();
    const onEvaluate = (): void => controller.abort();
    const { result } = await ask({ id: "1" }, { onEvaluate }, controller.signal);
    expect(result).toMatchObject({ finish: "cancelled", usage: { evaluatedTokens: 7 } });
  });

  it("lets typing go first between two tokens", async () => {
    const order: string[] = [];
    const scheduler = restlessScheduler();
    const model = fakeModel({
      vocabulary,
      predict: () => ({ a: 5 }),
      onEvaluate: () => {
        order.push("token");
        if (order.length === 2) void scheduler.submit(typed, never);
      },
    });
    const typed = {
      priority: "typing" as const,
      acquire: () => true,
      // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- one step.
      async *steps() {
        order.push("typing");
      },
      cancelled: () => undefined,
      release: () => undefined,
    };
    await scheduler.submit(
      askJob(contextOf(model), { ...question, maxTokens: 4 }, undefined),
      never,
    );
    expect(order).toEqual(["token", "token", "typing", "token", "token"]);
  });

  it("ends at once when cancelled", async () => {
    const controller = new AbortController();
    const onEvaluate = (): void => controller.abort();
    const { result, model } = await ask({}, { onEvaluate }, controller.signal);
    expect(result).toBeNull();
    expect(model.calls).toHaveLength(1);
  });

  it("refuses a question that is longer than the context", () => {
    const context = contextOf(fakeModel({ vocabulary, contextSize: 6 }));
    expect(codedErrorOf(() => askJob(context, question, undefined)).code).toBe("CONTEXT_OVERFLOW");
  });
});

async function decide(options: string[], predict: FakeModelOptions["predict"], prefix = "") {
  const model = fakeModel({ vocabulary, ...(predict === undefined ? {} : { predict }) });
  const params: DecideParams = { ...question, answerPrefix: prefix, options };
  return await restlessScheduler().submit(decideJob(contextOf(model), params), never);
}

describe("deciding", () => {
  it("gives the options' probabilities, which sum to one, and how much they covered", async () => {
    const result = await decide(["a", "b"], () => ({ a: 2 + Math.log(3), b: 2, "7": 2 }));
    expect(result?.probabilities[0]).toBeCloseTo(0.75, 5);
    expect(result?.probabilities[1]).toBeCloseTo(0.25, 5);
    expect(result?.covered).toBeCloseTo(0.8, 3);
  });

  it("counts an answer that goes on to a longer option for the longer one only", async () => {
    const result = await decide(["1", "10", "7"], (before) =>
      answerIn(before) === "1" ? { "0": 5, "<end>": 5 + Math.log(3) } : { "1": 5, "7": 5 },
    );
    const [one, ten, seven] = result?.probabilities ?? [];
    expect(one).toBeCloseTo(0.375, 3);
    expect(ten).toBeCloseTo(0.125, 3);
    expect(seven).toBeCloseTo(0.5, 3);
  });

  it("decides behind the answer's prefix", async () => {
    const predict = (before: string) => (answerIn(before) === "{" ? { a: 5 } : { b: 5 });
    const result = await decide(["a", "b"], predict, "{");
    expect(result?.probabilities[0]).toBeGreaterThan(0.9);
  });

  it("gives no made-up answer where the model gives no probabilities", async () => {
    await expect(decide(["a", "b"], () => ({ a: NaN, b: NaN }))).rejects.toMatchObject({
      code: "INTERNAL_ERROR",
    });
  });
});
