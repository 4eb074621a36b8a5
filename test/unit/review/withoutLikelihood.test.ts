import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { ReviewerDependencies } from "../../../server/review/dependencies.ts";
import type { ChunkReviewer } from "../../../server/review/types.ts";
import { createBugFinder, createFixture, linesOf, manyLines } from "./support/fixture.ts";

/** Reviews by likelihood on an engine that tells no probabilities. */
function createUnable() {
  const looks: string[] = [];
  const reviewer: ChunkReviewer = {
    review(document) {
      looks.push(document.uri);
      const error = new CodedError("LOGPROBS_UNAVAILABLE");
      return Promise.resolve({ kind: "failed", error });
    },
  };
  return { looks, reviewer };
}

type Scored = Awaited<
  ReturnType<NonNullable<ReturnType<NonNullable<ReviewerDependencies["scoreByModel"]>>>>
>;
const usage = {
  ...{ queueMs: 0, prefillMs: 0, decodeMs: 0 },
  ...{ evaluatedTokens: 1, reusedTokens: 0, generatedTokens: 0 },
};

function setUp(scored: Scored) {
  const unable = createUnable();
  const finder = createBugFinder();
  const fixture = createFixture({
    dependencies: {
      chunkReviewers: () => [unable.reviewer, finder],
      scoreByModel: () => () => Promise.resolve(scored),
    },
  });
  return { ...fixture, unable, finder };
}

describe("a review on an engine that tells no probabilities", () => {
  it("of a base model fails, with no score at all", async () => {
    const { reviewer } = createUnable();
    const { review } = createFixture({ dependencies: { chunkReviewers: () => [reviewer] } });
    const result = await review("fine();");
    expect(result.scoreError?.code).toBe("LOGPROBS_UNAVAILABLE");
    expect(result.score).toBeUndefined();
    expect(result.without).toBeUndefined();
  });

  it("is made by comments alone where the model follows instructions, and says so", async () => {
    const { review, unable, finder } = setUp({ kind: "done", score: 6, usage });
    const result = await review(manyLines(90, [1, 80]));
    expect(linesOf(result)).toEqual([1, 80]);
    expect(result.score).toBe(6);
    expect(result.scoreError).toBeUndefined();
    expect(result.without?.code).toBe("LOGPROBS_UNAVAILABLE");
    expect(result.unreviewedChunks).toBe(0);
    // It would say the same of every other part.
    expect(unable.looks).toHaveLength(1);
    expect(finder.looks.length).toBeGreaterThan(1);
  });

  it("gives no score for want of comments where the model has no opinion", async () => {
    const { review } = setUp({ kind: "undecided", usage });
    const result = await review("fine();");
    expect(result.score).toBeUndefined();
    expect(result.scoreError?.code).toBe("LOGPROBS_UNAVAILABLE");
  });
});
