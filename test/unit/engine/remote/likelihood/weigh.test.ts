import { describe, expect, it } from "vitest";
import type { WeighRequest } from "../../../../../server/engine/engine.ts";
import { createLikelihood } from "../../../../../server/engine/remote/likelihood/likelihood.ts";
import { seededRandom } from "../../../../../server/host/sample.ts";
import { weighJob } from "../../../../../server/host/weigh.ts";
import { CodedError } from "../../../../../server/protocol/errors.ts";
import {
  noUsage,
  type Alternative,
  type WeighedNotification,
  type WeighResult,
} from "../../../../../server/protocol/host.ts";
import { fakeScorer, type FakeScorerOptions } from "../../../../support/remote/fakeScorer.ts";
import { fakeModel, type FakeModelOptions } from "../../../host/fakeModel.ts";
import { contextOf, restlessScheduler } from "../../../host/jobContext.ts";

const vocabulary = ["<pre>", "a", "b", "c", "d", "x", "y", "z", "\n", ";", "ab", "xy"];
const never = new AbortController().signal;
type Weighed = Omit<WeighedNotification, "id">;

const request: WeighRequest = {
  prefix: [{ special: "<pre>" }],
  text: "abxcd",
  from: 0,
  alternatives: [],
  most: 10,
  mostPerSite: 10,
  leastFirst: -100,
  horizon: 100,
  giveUp: -100,
  priority: "background",
};

function at(start: number, text: string, changes: Partial<Alternative> = {}): Alternative {
  return { changes: [{ start, end: start + 1, text }], site: start, prior: 0, ...changes };
}

/** A language model made of nothing: logits by a hash of the last few letters and the token. */
function madeUp(before: string): Record<string, number> {
  return Object.fromEntries(
    vocabulary.map((token) => {
      let hash = 2166136261;
      for (const letter of `${before.slice(-4)}|${token}`) {
        hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0;
      }
      return [token, (hash % 6000) / 1000];
    }),
  );
}

function setUp(options: FakeScorerOptions & Pick<FakeModelOptions, "predict"> = {}) {
  const make = () =>
    fakeModel({ vocabulary, predict: options.predict ?? madeUp, contextSize: 200 });
  const scorer = fakeScorer(make(), options);
  const { weigh } = createLikelihood({ scorer, contextSize: 200, now: () => 0 });
  return {
    scorer,
    local: async (params: WeighRequest): Promise<WeighResult> => {
      const job = weighJob(contextOf(make()), { ...params, id: "1" }, () => undefined);
      const result = await restlessScheduler().submit(job, never);
      if (result === undefined) throw new Error("The host gave up.");
      return result;
    },
    remote: async (params: WeighRequest, signal = never) => {
      const weighed: Weighed[] = [];
      const outcome = await weigh(params, (one) => weighed.push(one), signal);
      return { outcome, weighed };
    },
  };
}

function resultOf({ outcome }: Awaited<ReturnType<ReturnType<typeof setUp>["remote"]>>) {
  if (outcome.kind !== "done") throw new Error(outcome.kind);
  return outcome.value;
}

function randomRequest(random: () => number): WeighRequest {
  const letters = "abcdxyz;\n";
  const letter = (): string => letters.charAt(Math.floor(random() * letters.length));
  const text = Array.from({ length: 60 }, letter).join("");
  const alternatives = Array.from({ length: 40 }, (): Alternative => {
    const start = Math.floor(random() * text.length);
    const end = Math.min(text.length, start + Math.floor(random() * 3));
    const by = Array.from({ length: Math.floor(random() * 3) }, letter).join("");
    const changes = [{ start, end, text: by }];
    return { changes, site: start, prior: random() < 0.3 ? random() * 2 : 0 };
  });
  return {
    ...{ ...request, text, alternatives, from: Math.floor(random() * 20) },
    ...{ most: 8, mostPerSite: 2, leastFirst: -2, horizon: 12, giveUp: -8 },
  };
}

/** What both tell must be the same; of what was not weighed, `first` may be a bound. */
function expectSame(remote: WeighResult, local: WeighResult, knowsBest = true): void {
  expect(remote.tokens.map(({ end }) => end)).toEqual(local.tokens.map(({ end }) => end));
  for (const [index, token] of local.tokens.entries()) {
    expect(remote.tokens[index]?.logProbability).toBeCloseTo(token.logProbability, 9);
    if (!knowsBest) continue;
    expect(remote.tokens[index]?.bestLogProbability).toBeCloseTo(token.bestLogProbability, 9);
  }
  for (const [index, one] of local.alternatives.entries()) {
    const other = remote.alternatives[index];
    expect(Object.keys(other ?? {})).toEqual(Object.keys(one));
    if (one.first === undefined) continue;
    expect(other?.written).toBeCloseTo(one.written ?? NaN, 9);
    expect(other?.first).toBeGreaterThanOrEqual(one.first - 1e-9);
    if (one.odds === undefined) continue;
    expect(other?.first).toBeCloseTo(one.first, 9);
    expect(other?.odds?.complete).toBe(one.odds.complete);
    expect(other?.odds?.change).toBeCloseTo(one.odds.change, 9);
    expect(other?.odds?.after).toBeCloseTo(one.odds.after, 9);
  }
}

describe("weighing over a server's probabilities of prompts", () => {
  it.each([20, 4, 1, 0])("tells what the host tells, where it is told %i tokens", async (top) => {
    const random = seededRandom(top + 1);
    for (let round = 0; round < 6; round++) {
      const { local, remote } = setUp({ mostTop: top });
      const params = { ...randomRequest(random), most: 40 };
      expectSame(resultOf(await remote(params)), await local(params), top > 0);
    }
  });

  it("chooses what the host chooses, where it is told most of what it asks for", async () => {
    const random = seededRandom(7);
    for (let round = 0; round < 12; round++) {
      const { local, remote } = setUp({ mostTop: 6 });
      const params = randomRequest(random);
      expectSame(resultOf(await remote(params)), await local(params));
    }
  });

  it("tells of each that it weighed, once, and asks for no more than twice what it may weigh", async () => {
    const random = seededRandom(3);
    for (let round = 0; round < 6; round++) {
      const { scorer, remote } = setUp({ mostTop: 0 });
      const done = await remote({ ...randomRequest(random), most: 3 });
      const { alternatives } = resultOf(done);
      const withOdds = alternatives.flatMap(({ odds }, index) => (odds ? [index] : []));
      const told = done.weighed.map(({ alternative }) => alternative);
      expect([...told].sort((a, b) => a - b)).toEqual(withOdds);
      expect(told.length).toBeLessThanOrEqual(3);
      expect(scorer.prompts.length).toBeLessThanOrEqual(1 + 2 * 3);
    }
  });

  it("asks for the tokens of all alternatives at once, and for few prompts at a time", async () => {
    const { scorer, remote } = setUp();
    const alternatives = Array.from({ length: 5 }).flatMap((_, index) =>
      ["y", "z", ";", "\n"].map((text) => at(index, text)),
    );
    resultOf(await remote({ ...request, most: 40, alternatives }));
    // The text, its surroundings and their changes.
    expect(scorer.counts.tokenize).toBeLessThanOrEqual(4);
    expect(scorer.prompts).toHaveLength(1 + alternatives.length);
    expect(scorer.counts.atOnce).toBeGreaterThan(1);
    expect(scorer.counts.atOnce).toBeLessThanOrEqual(8);
  });

  it("sends each alternative up to its horizon only", async () => {
    const { scorer, remote } = setUp();
    resultOf(
      await remote({ ...request, text: "abxcda\nbcd", horizon: 0, alternatives: [at(2, "y")] }),
    );
    expect(scorer.prompts).toEqual(["abxcda\nbcd", "abycda"]);
  });

  it("asks for nothing that it was told before", async () => {
    const { scorer, remote } = setUp();
    const params = { ...request, alternatives: [at(2, "y"), at(3, "y")] };
    const first = resultOf(await remote(params));
    const asked = scorer.prompts.length;
    const second = resultOf(await remote(params));
    expect(scorer.prompts).toHaveLength(asked);
    expect(second).toEqual({ ...first, usage: second.usage });
    expect(second.usage.evaluatedTokens).toBe(0);
  });

  it("leaves out what needs the first token's probability where nothing comes before it", async () => {
    const { local, remote } = setUp();
    const params = { ...request, prefix: [], alternatives: [at(0, "y"), at(2, "y")] };
    const result = resultOf(await remote(params));
    expect(result.tokens[0]?.end).toBe(3);
    expectSame(result, await local(params));
  });

  it("counts all tokens of all prompts as its cost", async () => {
    const { remote } = setUp();
    const { usage } = resultOf(await remote({ ...request, alternatives: [at(2, "y")] }));
    expect(usage.evaluatedTokens).toBe(5 + 5);
  });

  it("is cancelled between two requests", async () => {
    const stop = new AbortController();
    const { scorer, remote } = setUp({
      onScore() {
        if (scorer.prompts.length === 1) stop.abort();
        return undefined;
      },
    });
    const alternatives = Array.from({ length: 20 }, (_, index) =>
      at(index % 5, "yz;\n".charAt(index % 4)),
    );
    const { outcome, weighed } = await remote({ ...request, most: 20, alternatives }, stop.signal);
    expect(outcome).toMatchObject({ kind: "cancelled", usage: { evaluatedTokens: 5 } });
    expect(weighed).toEqual([]);
    expect(scorer.prompts).toHaveLength(1);
  });

  it("fails with the server's failure and ends what else is on its way", async () => {
    const error = new CodedError("ENDPOINT_BUSY");
    const { scorer, remote } = setUp({
      onScore: () => (scorer.prompts.length === 1 ? { kind: "failed", error } : undefined),
    });
    const { outcome } = await remote({ ...request, alternatives: [at(2, "y"), at(3, "y")] });
    expect(outcome).toEqual({ kind: "failed", error });
  });

  it.each([
    ["an alternative that has none", (token: string) => (token === "c" ? NaN : 0)],
    ["tokens that are all as likely", () => 0],
  ])("fails for probabilities of %s", async (_, logit) => {
    const predict = () => Object.fromEntries(vocabulary.map((token) => [token, logit(token)]));
    const { remote } = setUp({ predict });
    const text = "abxab".repeat(8);
    const { outcome } = await remote({ ...request, text, alternatives: [at(2, "c")] });
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "SCORES_INVALID" } });
  });

  it.each([
    ["behind the text", { alternatives: [at(9, "y")] }, "VALIDATION_ERROR"],
    ["longer than the context", { text: "a".repeat(300) }, "CONTEXT_OVERFLOW"],
    [
      "that make it longer than the context",
      { alternatives: [at(4, "xyz;".repeat(80))] },
      "CONTEXT_OVERFLOW",
    ],
    [
      "with special tokens that there are not",
      { prefix: [{ special: "<none>" }] },
      "VALIDATION_ERROR",
    ],
  ])("refuses changes %s", async (_, changes, code) => {
    const { outcome } = await setUp().remote({ ...request, ...changes });
    expect(outcome).toMatchObject({ kind: "failed", error: { code } });
  });

  it("fails where the server scored other tokens than it was sent", async () => {
    const { remote } = setUp({
      onScore: (tokens) => ({
        kind: "done",
        value: {
          tokens: tokens.map((id) => ({ id: id + 1, text: "", logProbability: -1, top: [] })),
          usage: noUsage,
        },
      }),
    });
    const { outcome } = await remote(request);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "ENDPOINT_PROTOCOL" } });
  });

  it("says that a server without such probabilities has none", async () => {
    const likelihood = createLikelihood({ scorer: undefined, contextSize: 200, now: () => 0 });
    const outcome = await likelihood.weigh(request, () => undefined, never);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "LOGPROBS_UNAVAILABLE" } });
  });
});
