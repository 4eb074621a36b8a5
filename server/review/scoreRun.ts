import { toCodedError } from "../protocol/errors.ts";
import type { ModelDescription } from "../protocol/host.ts";
import type { ReviewerDependencies } from "./dependencies.ts";
import { linesOfChunks, type Page } from "./page.ts";
import type { ChunksRun } from "./runChunks.ts";
import type { Chunk } from "./types.ts";

/** The score of a review, or why there is none. */
export type Scored =
  | {
      readonly kind: "scored";
      readonly score: number | undefined;
      readonly error: ChunksRun["error"];
      readonly tokensUsed: number;
    }
  | { readonly kind: "cancelled" };

/**
 * The document's score: by the model where it follows instructions and has time left, else from the
 * findings.
 */
export async function scoreRun(
  { scoreByModel }: ReviewerDependencies,
  isOutOfTime: boolean,
  page: Page,
  { error, without, completed }: ChunksRun,
  model: ModelDescription,
  requestId: string,
  signal: AbortSignal,
  fromFindings: () => number | undefined,
): Promise<Scored> {
  if (error !== undefined) return { kind: "scored", score: undefined, error, tokensUsed: 0 };
  const byModel =
    completed.length === 0 || isOutOfTime
      ? undefined
      : scoreByModel?.(model, requestId, page.document.uri);
  // What few comments come to is no score where nothing else was looked at.
  const counted = () => (without === undefined ? fromFindings() : undefined);
  if (byModel === undefined) {
    return { kind: "scored", score: counted(), error: without, tokensUsed: 0 };
  }
  const outcome = await byModel(page.document, completed, signal).catch((thrown: unknown) => {
    return { kind: "failed", error: toCodedError(thrown) } as const;
  });
  if (outcome.kind === "cancelled" || signal.aborted) return { kind: "cancelled" };
  if (outcome.kind === "failed") {
    return { kind: "scored", score: undefined, error: outcome.error, tokensUsed: 0 };
  }
  const { usage } = outcome;
  const tokensUsed = usage.evaluatedTokens + usage.generatedTokens;
  if (outcome.kind === "undecided") {
    return { kind: "scored", score: counted(), error: without, tokensUsed };
  }
  const score = blend(outcome.score, page, completed);
  return { kind: "scored", score, error: undefined, tokensUsed };
}

/** The score of the lines just looked at, joined by lines with that of those looked at before. */
function blend(score: number, page: Page, completed: readonly Chunk[]): number {
  const { known } = page;
  if (known.score === undefined) return score;
  const looked = linesOfChunks(page, completed);
  const others = [...known.looked].filter((line) => !looked.has(line)).length;
  const sum = score * looked.size + known.score * others;
  return Math.round((10 * sum) / (looked.size + others)) / 10;
}
