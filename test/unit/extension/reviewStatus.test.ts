import { describe, expect, it } from "vitest";
import { viewReviewStatus } from "../../../extension/findings/reviewStatus.ts";
import type { ReviewState } from "../../../server/protocol/review.ts";
import { state } from "./reviewSamples.ts";

function check(title: string, given: ReviewState, text: string, summary: string): void {
  it(title, () => {
    expect(viewReviewStatus(given)).toMatchObject({ text, summary });
  });
}

describe("the review's status item", () => {
  check(
    "shows score and counts",
    state("done", { score: 9.12, shown: 2, hidden: 1 }),
    "$(checklist) 9.1 · 2 findings",
    "Score 9.1 of 10: 2 findings, 1 more with low confidence.",
  );
  check(
    "is calm when nothing was found",
    state("done", { score: 10 }),
    "$(pass) 10 · no findings",
    "Score 10 of 10: no findings.",
  );
  check(
    "shows counts alone where there is no score",
    state("done", { shown: 1 }),
    "$(checklist) 1 finding",
    "Reviewed: 1 finding.",
  );
  check(
    "turns while reviewing, and tells how far it is",
    state("reviewing", { done: 1, total: 3 }),
    "$(loading~spin) reviewing…",
    "The file is being reviewed: 1 of 3 parts done.",
  );
  check(
    "names the code of a failure",
    state("failed", {
      scoreError: {
        code: "HOST_DIED",
        message: "The model process ended.",
        remedy: "Wait.",
        retryable: true,
      },
    }),
    "$(warning) not reviewed: HOST_DIED",
    "The file could not be reviewed. The model process ended.",
  );
  check(
    "says why a file was skipped",
    state("skipped", { skipped: { reason: "generated", detail: "It says so in line 1." } }),
    "$(circle-slash) not reviewed",
    "The file was not reviewed: the file is generated.",
  );

  it("has the remedy and the particulars in its tooltip", () => {
    const skipped = { reason: "tooLarge", detail: "9 MB" } as const;
    expect(viewReviewStatus(state("skipped", { skipped }))?.tooltip).toContain("9 MB");
  });

  it("is hidden for a file that was never reviewed or whose findings were cleared", () => {
    expect(viewReviewStatus(undefined)).toBeUndefined();
    expect(viewReviewStatus(state("cleared"))).toBeUndefined();
  });
});
