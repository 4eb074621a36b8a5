import { describe, expect, it } from "vitest";
import { weighJob, type WeighOutcome } from "../../../server/host/weigh.ts";
import type {
  Alternative,
  WeighedNotification,
  WeighParams,
} from "../../../server/protocol/host.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { fakeModel, type FakeModelOptions } from "./fakeModel.ts";
import { contextOf, restlessScheduler } from "./jobContext.ts";

const vocabulary = ["<pre>", "a", "b", "c", "d", "x", "y", "z", "\n", ";"];
type Weighed = Omit<WeighedNotification, "id">;

const params: WeighParams = {
  id: "1",
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

/** Replaces what stands at an offset of the text. */
function at(
  start: number,
  text: string,
  changes: Partial<Alternative> = {},
  length = 1,
): Alternative {
  return { changes: [{ start, end: start + length, text }], site: start, prior: 0, ...changes };
}

function setUp(options: Partial<FakeModelOptions> = {}) {
  const model = fakeModel({ vocabulary, predict: liking({}), ...options });
  const context = contextOf(model);
  const scheduler = restlessScheduler();
  const run = async (
    changes: Partial<WeighParams>,
    onWeighed: (weighed: Weighed) => void = () => undefined,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<WeighOutcome> => {
    const job = weighJob(context, { ...params, ...changes }, onWeighed);
    return await scheduler.submit(job, signal);
  };
  return { model, weigh: run };
}

async function weigh(changes: Partial<WeighParams>, options: Partial<FakeModelOptions> = {}) {
  const { model, weigh: run } = setUp(options);
  const weighed: Weighed[] = [];
  const result = await run(changes, (one) => weighed.push(one));
  return { result, weighed, model };
}

/** A model that gives these tokens these logits after these texts, and all others 0. */
function liking(liked: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const flat = Object.fromEntries(vocabulary.map((token) => [token, 0]));
  return (before: string) => ({ ...flat, ...liked[before.replace("<pre>", "")] });
}

/** The log-probability of a token with this logit where all others have 0. */
const alone = (logit: number): number => logit - Math.log(Math.exp(logit) + vocabulary.length - 1);

describe("weighing", () => {
  it("tells the odds of the change and of what follows it", async () => {
    const predict = liking({ ab: { y: 2 }, aby: { c: 3 }, abx: { c: 1 }, abyc: { d: -1 } });
    const { result, weighed } = await weigh({ alternatives: [at(2, "y")] }, { predict });
    const after = alone(3) - alone(1) + (alone(-1) - alone(0));
    const [found] = result?.alternatives ?? [];
    expect(found?.first).toBeCloseTo(2, 6);
    expect(found?.written).toBeCloseTo(-Math.log(Math.exp(2) + vocabulary.length - 1), 6);
    expect(found?.odds?.change).toBeCloseTo(2, 6);
    expect(found?.odds?.after).toBeCloseTo(after, 6);
    expect(found?.odds?.complete).toBe(true);
    expect(weighed).toEqual([{ alternative: 0, ...found }]);
  });

  it("counts all tokens that differ as the change, whatever their number", async () => {
    const predict = liking({ ab: { y: 2 }, aby: { z: 1 }, abyz: { c: 1 } });
    const { result } = await weigh({ alternatives: [at(2, "yz")] }, { predict });
    const odds = result?.alternatives[0]?.odds;
    expect(odds?.change).toBeCloseTo(2 + alone(1), 6);
    expect(odds?.after).toBeCloseTo(alone(1) - alone(0), 6);
  });

  it("counts what is left out as the change, and what follows from its first token on", async () => {
    const predict = liking({ ab: { c: 2 } });
    const { result } = await weigh({ alternatives: [at(2, "")] }, { predict });
    const found = result?.alternatives[0];
    const [x, c] = [-Math.log(Math.exp(2) + vocabulary.length - 1), alone(2)];
    expect(found?.first).toBeCloseTo(2, 6);
    expect(found?.odds?.change).toBeCloseTo(-x, 6);
    expect(found?.odds?.after).toBeCloseTo(c - alone(0), 6);
  });

  it("counts everything between two changes as the change", async () => {
    const predict = liking({ "": { b: 1 }, b: { x: 1 }, bx: { a: 1 }, bxa: { c: 1 } });
    const changes = [
      { start: 0, end: 1, text: "b" },
      { start: 2, end: 3, text: "a" },
    ];
    const { result } = await weigh(
      { text: "axbcd", alternatives: [{ changes, site: 0, prior: 0 }] },
      { predict },
    );
    const odds = result?.alternatives[0]?.odds;
    const a = -Math.log(Math.exp(1) + vocabulary.length - 1);
    expect(odds?.change).toBeCloseTo(3 * alone(1) - (a + 2 * alone(0)), 6);
    expect(odds?.after).toBeCloseTo(alone(1) - alone(0), 6);
  });

  it("says nothing of an alternative that is the text as written", async () => {
    const { result } = await weigh({ alternatives: [at(2, "x"), at(2, "y")] });
    expect(result?.alternatives[0]).toEqual({});
    expect(result?.alternatives[1]?.first).toBeCloseTo(0, 6);
  });

  it("says nothing of an alternative that ends where the text goes on, or the other way round", async () => {
    const { result } = await weigh({ alternatives: [at(4, ""), at(5, "z", {}, 0)] });
    expect(result?.alternatives).toEqual([{}, {}]);
  });

  it("stops at the horizon, or at the line's end where that is later", async () => {
    const predict = liking({ y: { b: 2 }, yb: { c: 3 }, "yb\n": { c: 5 }, ybc: { d: 7 } });
    const near = { alternatives: [at(0, "y")], horizon: 1 };
    const within = await weigh({ ...near, text: "abcd" }, { predict });
    const line = await weigh({ ...near, text: "abcd", horizon: 2 }, { predict });
    const ends = await weigh({ ...near, text: "ab\ncd", horizon: 0 }, { predict });
    const after = (outcome: typeof within) => outcome.result?.alternatives[0]?.odds?.after;
    const gained = (logit: number) => alone(logit) - alone(0);
    expect(after(within)).toBeCloseTo(gained(2) + gained(3) + gained(7), 6);
    expect(after(line)).toBeCloseTo(gained(2) + gained(3) + gained(7), 6);
    expect(after(ends)).toBeCloseTo(gained(2), 6);
  });

  it("goes from the text's end to its beginning and evaluates only the alternatives' tokens", async () => {
    const { weighed, model } = await weigh({
      alternatives: [at(0, "y"), at(4, "y"), at(2, "y")],
    });
    expect(weighed.map(({ alternative }) => alternative)).toEqual([1, 2, 0]);
    // The text, then `yc` for the change of x, `ybxc` for that of a; d has nothing behind it.
    expect(model.calls).toEqual(["score 5", "score 2", "score 4"]);
  });

  it("looks at no token before the one it is to begin with", async () => {
    const { result, model } = await weigh({ from: 3, alternatives: [at(4, "y")] });
    expect(model.calls[0]).toBe("append 3");
    expect(result?.tokens.map(({ end }) => end)).toEqual([4, 5]);
  });

  it("tells of each token where it ends and how likely it and the best one were", async () => {
    const predict = liking({ a: { c: 2, b: 1 } });
    const { result } = await weigh({ text: "ab" }, { predict });
    const sum = Math.log(Math.exp(2) + Math.exp(1) + vocabulary.length - 2);
    expect(result?.tokens[1]?.end).toBe(2);
    expect(result?.tokens[1]?.logProbability).toBeCloseTo(1 - sum, 6);
    expect(result?.tokens[1]?.bestLogProbability).toBeCloseTo(2 - sum, 6);
  });

  it("leaves out the first token where nothing comes before it", async () => {
    const { result } = await weigh({ prefix: [], alternatives: [at(0, "y"), at(1, "y")] });
    expect(result?.tokens.map(({ end }) => end)).toEqual([2, 3, 4, 5]);
    expect(result?.alternatives[0]).toEqual({});
    expect(result?.alternatives[1]?.odds?.complete).toBe(true);
  });

  it("gives an alternative up that has lost, before its end", async () => {
    const text = "xabcdabcdabcd";
    const predict = liking({ "": { y: -2 }, y: { a: -9 } });
    const lost = await weigh({ text, alternatives: [at(0, "y")], giveUp: -5 }, { predict });
    const odds = lost.result?.alternatives[0]?.odds;
    expect(odds?.complete).toBe(false);
    expect((odds?.change ?? 0) + (odds?.after ?? 0)).toBeLessThan(-5);
    // The text in two chunks, then the change and four tokens behind it.
    expect(lost.model.calls).toEqual(["score 8", "score 5", "score 5"]);
    const patient = await weigh({ text, alternatives: [at(0, "y")], giveUp: -50 }, { predict });
    expect(patient.result?.alternatives[0]?.odds?.complete).toBe(true);
  });

  it("weighs the best of each site and of all, by first look and prior", async () => {
    const predict = liking({ "": { x: 3, y: 2, z: 1 }, a: { x: 5 } });
    const alternatives = [
      at(0, "x"),
      at(0, "y", { prior: 2 }),
      at(0, "z"),
      at(1, "x"),
      at(2, "y", { prior: -9 }),
    ];
    const { weighed } = await weigh(
      { alternatives, mostPerSite: 2, most: 3, leastFirst: -2 },
      { predict },
    );
    const ofAll = weighed.map(({ alternative }) => alternative);
    expect(ofAll).toEqual([3, 1, 0]);
    const fewer = await weigh({ alternatives, mostPerSite: 2, most: 2 }, { predict });
    expect(fewer.weighed.map(({ alternative }) => alternative)).toEqual([3, 1]);
    expect(fewer.result?.alternatives[4]?.odds).toBeUndefined();
  });

  it("evaluates nothing of what it has weighed before", async () => {
    const { weigh: run, model } = setUp();
    const alternatives = [at(2, "y"), at(3, "y")];
    const first = await run({ alternatives });
    const calls = model.calls.length;
    const second = await run({ alternatives });
    expect(second?.usage.evaluatedTokens).toBe(0);
    expect(model.calls).toHaveLength(calls);
    expect(second?.alternatives).toEqual(first?.alternatives);
    expect(second?.tokens).toEqual(first?.tokens);
  });

  it("evaluates only what comes behind a place that changed since", async () => {
    const predict = liking({ abxcdabz: { c: 2 }, abxcdabzc: { d: 1 } });
    const fresh = setUp({ predict });
    const { weigh: run } = setUp({ predict });
    await run({ text: "abxcdabxcd" });
    const later = { text: "abxcdabzcd", alternatives: [at(8, "y")] };
    const second = await run(later);
    // From the token before the new one to the last but one, and the alternative's own.
    expect(second?.usage.evaluatedTokens).toBe(3 + 1);
    const anew = await fresh.weigh(later);
    expect(second?.alternatives).toEqual(anew?.alternatives);
    expect(second?.tokens).toEqual(anew?.tokens);
  });

  it("finds the same with a model that cannot erase the end of its cache", async () => {
    const predict = liking({ aby: { c: 3 }, abxy: { d: 2 } });
    const request = { alternatives: [at(2, "y"), at(3, "y")] };
    const usual = await weigh(request, { predict });
    const erasing = await weigh(request, { predict, erasesAll: true });
    expect(erasing.result?.alternatives).toEqual(usual.result?.alternatives);
    expect(erasing.result?.tokens).toEqual(usual.result?.tokens);
  });

  it("has no result when it is cancelled", async () => {
    const { weigh: run, model } = setUp();
    const stop = new AbortController();
    const weighed: Weighed[] = [];
    const result = await run(
      { alternatives: [at(0, "y"), at(1, "y")] },
      (one) => {
        weighed.push(one);
        stop.abort();
      },
      stop.signal,
    );
    expect(result).toBeUndefined();
    expect(weighed).toHaveLength(1);
    expect(model.calls).toHaveLength(2 + weighed.length);
  });

  it("refuses a text that does not fit into the context, before anything is evaluated", async () => {
    const { model, weigh: run } = setUp({ contextSize: 6 });
    expect(codedErrorOf(() => weighJob(contextOf(model), params, () => undefined)).code).toBe(
      "CONTEXT_OVERFLOW",
    );
    await expect(run({ text: "abcd", alternatives: [at(3, "yyyy")] })).rejects.toMatchObject({
      code: "CONTEXT_OVERFLOW",
    });
    expect(model.calls).toEqual([]);
  });

  it.each([
    ["behind the text", [{ start: 4, end: 9, text: "" }]],
    ["that end before they begin", [{ start: 4, end: 3, text: "" }]],
    [
      "that overlap",
      [
        { start: 1, end: 3, text: "" },
        { start: 2, end: 4, text: "" },
      ],
    ],
  ])("refuses changes %s", (_, changes) => {
    const alternatives = [{ changes, site: 0, prior: 0 }];
    const { model } = setUp();
    const make = () => weighJob(contextOf(model), { ...params, alternatives }, () => undefined);
    expect(codedErrorOf(make).code).toBe("VALIDATION_ERROR");
  });

  it.each([
    ["that are no numbers", () => ({ c: NaN })],
    ["that are endless", () => ({ c: -Infinity })],
    ["that are always the same", liking({})],
  ])("fails where the model gives probabilities %s", async (_, predict) => {
    await expect(weigh({ text: "abxcd".repeat(4) }, { predict })).rejects.toMatchObject({
      code: "SCORES_INVALID",
    });
  });

  it("fails where only an alternative's probabilities are no numbers", async () => {
    const predict = liking({ aby: { c: NaN } });
    await expect(weigh({ alternatives: [at(2, "y")] }, { predict })).rejects.toMatchObject({
      code: "SCORES_INVALID",
    });
  });
});

describe("tokenising many alternatives", () => {
  it("lets the host hear what comes meanwhile", async () => {
    const model = fakeModel({ vocabulary, predict: liking({}) });
    let time = 0;
    // Each look at the clock is long after the last: every alternative ends a slice.
    const context = { ...contextOf(model), now: () => (time += 1000) };
    const alternatives = [at(0, "x"), at(1, "y"), at(3, "z")];
    const job = weighJob(context, { ...params, alternatives }, () => undefined);
    const order: string[] = [];
    setImmediate(() => order.push("a key"));
    await restlessScheduler().submit(job, new AbortController().signal);
    order.push("the review");
    expect(order).toEqual(["a key", "the review"]);
  });
});
