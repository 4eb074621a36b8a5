import { describe, expect, it } from "vitest";
import type { ChatOptions } from "../../../../../server/engine/remote/chat/chat.ts";
import { CodedError } from "../../../../../server/protocol/errors.ts";
import { fakeChat } from "./fakeChat.ts";

const never = new AbortController().signal;
const question = {
  messages: [{ role: "user" as const, text: "How good?" }],
  answerPrefix: "",
  priority: "background" as const,
};

/** An answer of one token, with the likeliest ones and their probabilities. */
function likely(shares: Readonly<Record<string, number>>): object {
  const all = Object.entries(shares).map(([token, share]) => ({ token, logprob: Math.log(share) }));
  const content = [{ ...all[0], top_logprobs: all }];
  return {
    choices: [{ message: { content: "" }, logprobs: { content } }],
    usage: { prompt_tokens: 7 },
  };
}

function decide(
  kind: ChatOptions["kind"],
  options: string[],
  answers: (object | Error)[],
  prefix = "",
) {
  const { chat, bodies } = fakeChat(kind, answers);
  const request = { ...question, options, answerPrefix: prefix };
  return { bodies, outcome: chat.decide(request, never) };
}

describe("deciding by the likeliest tokens of an answer", () => {
  it("gives the options' probabilities, which sum to one, and how much they covered", async () => {
    const { outcome, bodies } = decide(
      "llama-server",
      ["Yes", "No"],
      [likely({ Yes: 0.6, No: 0.2, Maybe: 0.1 })],
    );
    const settled = await outcome;
    if (settled.kind !== "done") throw new Error(settled.kind);
    expect(settled.value.probabilities[0]).toBeCloseTo(0.75, 6);
    expect(settled.value.probabilities[1]).toBeCloseTo(0.25, 6);
    expect(settled.value.covered).toBeCloseTo(0.8, 6);
    expect(settled.value.usage.evaluatedTokens).toBe(7);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).toMatchObject({ max_tokens: 1, logprobs: true, top_logprobs: 20 });
  });

  it("counts an answer that goes on to a longer option for the longer one only", async () => {
    const { outcome, bodies } = decide(
      "vllm",
      ["1", "10", "7"],
      [likely({ "1": 0.5, "7": 0.4 }), likely({ "": 0.7, "0": 0.25 })],
    );
    const settled = await outcome;
    if (settled.kind !== "done") throw new Error(settled.kind);
    const [one = 0, ten = 0, seven = 0] = settled.value.probabilities;
    expect(one * 0.9).toBeCloseTo(0.375, 6);
    expect(ten * 0.9).toBeCloseTo(0.125, 6);
    expect(seven * 0.9).toBeCloseTo(0.4, 6);
    expect(bodies[1]?.messages.at(-1)).toEqual({ role: "assistant", content: "1" });
  });

  it("takes a token that is a whole option for it, whatever begins it", async () => {
    const { outcome, bodies } = decide("openai", ["1", "10"], [likely({ "10": 0.6, "1": 0.2 })]);
    const settled = await outcome;
    if (settled.kind !== "done") throw new Error(settled.kind);
    expect(settled.value.probabilities[1]).toBeCloseTo(0.75, 6);
    expect(bodies).toHaveLength(1);
  });

  it("goes on behind the answer's prefix", async () => {
    const { outcome, bodies } = decide("vllm", ["a", "b"], [likely({ a: 1 })], "Answer: ");
    expect(await outcome).toMatchObject({ kind: "done", value: { probabilities: [1, 0] } });
    expect(bodies[0]?.messages.at(-1)?.content).toBe("Answer: ");
  });

  it("knows a token by its bytes where its text is broken", async () => {
    const token = { token: "\uFFFD", logprob: -0.1, bytes: [195] };
    const whole = { token: "?", logprob: -1, bytes: [...Buffer.from("é")] };
    const content = [{ ...token, top_logprobs: [token, whole] }];
    const { outcome } = decide("vllm", ["é", "e"], [{ choices: [{ logprobs: { content } }] }]);
    expect(await outcome).toMatchObject({ kind: "done", value: { probabilities: [1, 0] } });
  });

  it.each([
    ["tells no probabilities", "openai", [{ choices: [{ logprobs: null }] }], ""],
    ["refuses to tell them", "openai", [new CodedError("ENDPOINT_REFUSED")], ""],
    ["cannot go on with an answer", "openai", [likely({ "1": 1 })], ""],
    ["cannot begin within an answer", "tgi", [likely({ "1": 1 })], "{"],
  ] as const)(
    "says that there is no such thing where a server %s",
    async (_, kind, answers, prefix) => {
      const { outcome } = decide(kind, ["1", "10"], [...answers], prefix);
      expect(await outcome).toMatchObject({
        kind: "failed",
        error: { code: "LOGPROBS_UNAVAILABLE" },
      });
    },
  );

  it("gives no made-up answer where no option is likely at all", async () => {
    const { outcome } = decide("vllm", ["a", "b"], [likely({ c: 1 })]);
    expect(await outcome).toMatchObject({ kind: "failed", error: { code: "INTERNAL_ERROR" } });
  });
});
