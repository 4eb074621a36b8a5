import { toCodedError } from "../protocol/errors.ts";
import type { ReviewResult } from "../protocol/review.ts";
import type { ChunkCache } from "./chunkCache.ts";
import type { ReviewerDependencies } from "./dependencies.ts";
import type { Documents } from "./documents.ts";
import { openPage } from "./page.ts";
import { resultOf, type ResultParts } from "./result.ts";
import { reviewTargets } from "./reviewTargets.ts";
import { skipOf } from "./skip.ts";
import { findTargets } from "./targets.ts";
import type { Turns } from "./turns.ts";
import type { ReviewOutcome, ReviewProgress, ReviewRequest } from "./types.ts";

/** What all reviews share. */
export interface Shared extends ReviewerDependencies {
  readonly documents: Documents;
  readonly cache: ChunkCache;
  readonly turns: Turns;
}

/** Ends a review with a result, and says so in the log. */
export type Finish = (parts: Omit<ResultParts, "durationMs">) => ReviewOutcome;

/**
 * One review of a document. Where it fails on the way, findings of what was completed are kept, the
 * result has no score but `scoreError`, and the next review looks at all of it again: what was
 * completed then comes from the cache.
 */
export async function reviewDocument(
  shared: Shared,
  request: ReviewRequest,
  onProgress: (progress: ReviewProgress) => void,
  signal: AbortSignal,
): Promise<ReviewOutcome> {
  const { clock } = shared;
  const startedAt = clock.now();
  const finish: Finish = (parts) => {
    const result = resultOf({ ...parts, durationMs: clock.now() - startedAt }, shared);
    logResult(shared, request, result);
    return { kind: "done", result };
  };

  try {
    return await look(shared, request, finish, onProgress, signal);
  } catch (thrown) {
    return finish({ findings: [], error: toCodedError(thrown), reviewed: [] });
  }
}

async function look(
  shared: Shared,
  request: ReviewRequest,
  finish: Finish,
  onProgress: (progress: ReviewProgress) => void,
  signal: AbortSignal,
): Promise<ReviewOutcome> {
  const { documents } = shared;
  const { document } = request;
  const { isReviewed } = shared.settings();
  const skipped = skipOf(document, { ...shared, isReviewed });
  if (skipped !== undefined) {
    documents.forget(document.uri);
    return finish({ findings: [], skipped });
  }
  const page = openPage(shared, document);
  if (page.isSuppressed) {
    const detail = "A comment in the file keeps all findings away.";
    return finish({ findings: [], skipped: { reason: "ignored", detail } });
  }
  const found = await findTargets(
    request,
    page.lines,
    page.hashes,
    page.known.baseline,
    documents.openedLines(document.uri),
    shared.committed,
  );
  if (signal.aborted) return { kind: "cancelled" };
  if (found.kind === "failed") {
    const findings = page.visible(page.known.findings);
    return finish({ findings, error: found.error, reviewed: [] });
  }
  const giveBack = await shared.turns.take(signal);
  if (giveBack === undefined) return { kind: "cancelled" };
  try {
    return await reviewTargets(shared, request, page, found.targets, finish, onProgress, signal);
  } finally {
    giveBack();
  }
}

function logResult({ log }: Shared, request: ReviewRequest, result: ReviewResult): void {
  log.event("reviewed", {
    requestId: request.requestId,
    trigger: request.trigger,
    language: request.document.languageId,
    skipped: result.skipped?.reason,
    detail: result.skipped?.detail ?? result.scoreError?.message,
    code: result.scoreError?.code,
    score: result.score,
    findings: result.findings.length,
    shown: result.findings.filter(({ shown }) => shown).length,
    reviewedLines: result.reviewedLines,
    unreviewedChunks: result.unreviewedChunks,
    tokensUsed: result.tokensUsed,
    durationMs: Math.round(result.durationMs),
  });
}
