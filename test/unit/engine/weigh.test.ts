import { describe, expect, it } from "vitest";
import type { WeighRequest } from "../../../server/engine/engine.ts";
import {
  noUsage,
  type WeighedNotification,
  type WeighResult,
} from "../../../server/protocol/host.ts";
import type { Behaviour } from "../../support/fakeHost.ts";
import { fakeEngine, reaches } from "../../support/localEngine.ts";

type Weighed = Omit<WeighedNotification, "id">;

const request: WeighRequest = {
  prefix: [],
  text: "let a = b;",
  from: 0,
  alternatives: [{ changes: [{ start: 8, end: 9, text: "c" }], site: 0, prior: 0 }],
  most: 1,
  mostPerSite: 1,
  leastFirst: -4,
  horizon: 120,
  giveUp: -3,
  priority: "background",
};
const weighed: Weighed = {
  alternative: 0,
  first: 1,
  written: -2,
  odds: { change: 1, after: 0.5, complete: true },
};
const result: WeighResult = {
  tokens: [{ end: 3, logProbability: -1, bestLogProbability: -0.5 }],
  alternatives: [{ first: 1, written: -2, odds: weighed.odds }],
  usage: noUsage,
};
const never = new AbortController().signal;
const ignore = (): void => undefined;

async function ready(weigh?: Behaviour["weigh"]) {
  const fake = fakeEngine([weigh === undefined ? {} : { weigh }]);
  fake.engine.start("background");
  await reaches(fake.engine, "ready");
  return fake;
}

describe("weighing in the local engine", () => {
  it("tells each caller of its own alternatives, and settles with the result", async () => {
    const { engine } = await ready(async ({ text }, tell) => {
      await Promise.resolve();
      tell({ ...weighed, first: text.length });
      return result;
    });
    const told: Weighed[][] = [[], []];
    const outcomes = await Promise.all(
      ["a", "bb"].map((text, index) =>
        engine.weigh(
          { ...request, text, requestId: "same" },
          (one) => told[index]?.push(one),
          never,
        ),
      ),
    );
    expect(told).toEqual([[{ ...weighed, first: 1 }], [{ ...weighed, first: 2 }]]);
    expect(outcomes).toEqual([
      { kind: "done", value: result },
      { kind: "done", value: result },
    ]);
  });

  it("settles as cancelled where the host says so", async () => {
    const { engine } = await ready(() => Promise.resolve(null));
    expect(await engine.weigh(request, ignore, never)).toEqual({ kind: "cancelled" });
  });

  it("cancels in the host, tells nothing more and keeps what it cost", async () => {
    const { engine } = await ready(
      (_, tell, token) =>
        new Promise((resolve) => {
          tell(weighed);
          token.onCancellationRequested(() => {
            tell({ ...weighed, first: 9 });
            resolve({ ...result, usage: { ...noUsage, evaluatedTokens: 7 } });
          });
        }),
    );
    const stop = new AbortController();
    const told: Weighed[] = [];
    const outcome = await engine.weigh(
      request,
      (one) => {
        told.push(one);
        stop.abort();
      },
      stop.signal,
    );
    expect(told).toEqual([weighed]);
    expect(outcome).toMatchObject({ kind: "cancelled", usage: { evaluatedTokens: 7 } });
  });

  it("settles with HOST_DIED when the host dies on its way", async () => {
    const fake = await ready((_, tell) => {
      tell(weighed);
      return new Promise(() => undefined);
    });
    const told: Weighed[] = [];
    const outcome = await fake.engine.weigh(
      request,
      (one) => {
        told.push(one);
        fake.fakes.crash();
      },
      never,
    );
    expect(told).toEqual([weighed]);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "HOST_DIED" } });
  });

  it("fails where the answer is not of the agreed form", async () => {
    const { engine } = await ready(() => Promise.resolve({ tokens: [] } as never));
    expect(await engine.weigh(request, ignore, never)).toMatchObject({
      kind: "failed",
      error: { code: "INTERNAL_ERROR" },
    });
  });

  it("settles at once where no model is ready", async () => {
    const { engine } = fakeEngine();
    expect(await engine.weigh(request, ignore, never)).toMatchObject({
      kind: "failed",
      error: { code: "MODEL_UNAVAILABLE" },
    });
  });
});
