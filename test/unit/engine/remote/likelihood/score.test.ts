import { describe, expect, it } from "vitest";
import { createLikelihood } from "../../../../../server/engine/remote/likelihood/likelihood.ts";
import type { ScoreRequest } from "../../../../../server/engine/engine.ts";
import { scoreJob } from "../../../../../server/host/score.ts";
import { fakeScorer } from "../../../../support/remote/fakeScorer.ts";
import { fakeModel } from "../../../host/fakeModel.ts";
import { contextOf, restlessScheduler } from "../../../host/jobContext.ts";

const never = new AbortController().signal;
const request: ScoreRequest = {
  prefix: [{ special: "<pre>" }, { text: "ab" }],
  candidates: ["ab", "", "ba", "bb"],
  priority: "background",
};

function setUp() {
  const vocabulary = ["<pre>", "a", "b"];
  const predict = (before: string) => ({ a: before.length % 4, b: before.length % 3 });
  const model = () => fakeModel({ vocabulary, predict, contextSize: 20 });
  const likelihood = createLikelihood({
    scorer: fakeScorer(model()),
    contextSize: 20,
    now: () => 0,
  });
  return { model, likelihood };
}

describe("scoring texts over a server's probabilities of prompts", () => {
  it("tells what the host tells", async () => {
    const { model, likelihood } = setUp();
    const outcome = await likelihood.score(request, never);
    const local = await restlessScheduler().submit(scoreJob(contextOf(model()), request), never);
    if (outcome.kind !== "done" || local === undefined) throw new Error(outcome.kind);
    expect(outcome.value.candidates).toEqual(local.candidates);
  });

  it.each([
    ["an empty prompt", { prefix: [] }, "VALIDATION_ERROR"],
    ["a text that does not fit", { candidates: ["a".repeat(30)] }, "CONTEXT_OVERFLOW"],
  ])("refuses %s", async (_, changes, code) => {
    const outcome = await setUp().likelihood.score({ ...request, ...changes }, never);
    expect(outcome).toMatchObject({ kind: "failed", error: { code } });
  });

  it("is cancelled", async () => {
    const outcome = await setUp().likelihood.score(request, AbortSignal.abort());
    expect(outcome.kind).toBe("cancelled");
  });

  it("says that a server without such probabilities has none", async () => {
    const likelihood = createLikelihood({ scorer: undefined, contextSize: 20, now: () => 0 });
    const outcome = await likelihood.score(request, never);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "LOGPROBS_UNAVAILABLE" } });
  });
});
