import { chunkKey } from "./chunkCache.ts";
import { cutIntoChunks, type Chunking } from "./chunk.ts";
import { CodedError } from "../protocol/errors.ts";
import { rangesOf } from "./lines.ts";
import {
  findingsAfter,
  knownAfter,
  linesOfChunks,
  withEarlierFindings,
  type Page,
} from "./page.ts";
import type { Finish, Shared } from "./reviewDocument.ts";
import { runChunks } from "./runChunks.ts";
import { scoreOf } from "./score.ts";
import { scoreRun } from "./scoreRun.ts";
import type { Skip } from "./skip.ts";
import type { Targets } from "./targets.ts";
import type { Chunk, ReviewOutcome, ReviewProgress, ReviewRequest } from "./types.ts";

/** How long a model may take to start, and to come back after its process died. */
const startMs = 60_000;
const comeBackMs = 30_000;

/** Looks at the chosen lines of a document, one chunk after the other. */
export async function reviewTargets(
  shared: Shared,
  request: ReviewRequest,
  page: Page,
  targets: Targets,
  finish: Finish,
  onProgress: (progress: ReviewProgress) => void,
  signal: AbortSignal,
): Promise<ReviewOutcome> {
  const { clock, documents, whenReady } = shared;
  const { document, known, index } = page;
  await shared.syntax.load(document.languageId);
  const cut = cutIntoChunks(shared.syntax, document, page.starts, targets.lines);
  const chunks = withEarlierFindings(page, withoutConflicts(page, cut.chunks, targets));
  logTargets(shared, request, page, targets, cut, chunks.length);

  const before = page.visible(known.findings);
  if (chunks.length === 0) {
    const next = knownAfter(page, targets, { completed: [], touched: [] }, known.findings);
    documents.learn(document.uri, next, true);
    const skipped = whyNotAll(targets, cut, chunks.length) ?? unchanged;
    return finish({ findings: before, score: known.score, reviewed: [], skipped });
  }

  const reason = request.trigger === "command" ? "explicit" : "background";
  const ready = await whenReady(startMs, reason, signal);
  if (ready.kind === "cancelled") return { kind: "cancelled" };
  if (ready.kind !== "ready") {
    const leftOut = chunks.length;
    const failed = ready.kind === "failed" ? ready : ready.state;
    const error = "error" in failed ? failed.error : new CodedError("MODEL_UNAVAILABLE");
    return finish({ findings: before, error, reviewed: [], leftOut });
  }
  const { model } = ready.state;
  const settings = shared.settings();
  const circumstances = `${model.path} ${model.fileSizeBytes} ${settings.key}`;
  const cache = shared.cache.of(document);
  const keyOf = (chunk: Chunk, by: number) => {
    const { line } = index.positionAt(chunk.start);
    return chunkKey(document, chunk, line, cut.surroundings, `${by} ${circumstances}`);
  };
  const run = await runChunks({
    document,
    chunks,
    reviewers: shared.chunkReviewers(model, request.requestId, document.uri),
    clock,
    maxMs: settings.maxSeconds * 1000,
    signal,
    comeBack: async () => (await whenReady(comeBackMs, "background", signal)).kind === "ready",
    cached: {
      get: (chunk, by) => cache.get(keyOf(chunk, by), chunk),
      set: (chunk, by, findings) => cache.set(keyOf(chunk, by), chunk, findings),
    },
    onProgress({ done, touched, findings }) {
      const visible = page.visible(findingsAfter(page, touched, findings));
      onProgress({ done, total: chunks.length, findings: visible });
    },
  });
  if (run.kind === "cancelled") return { kind: "cancelled" };

  const findings = findingsAfter(page, run.touched, run.findings);
  const visible = page.visible(findings);
  const next = knownAfter(page, targets, run, findings);
  const isOutOfTime = run.modelMs >= settings.maxSeconds * 1000;
  const { requestId } = request;
  const fromFindings = () => scoreOf(visible, next.looked.size);
  const scored = await scoreRun(
    shared,
    isOutOfTime,
    page,
    run,
    model,
    requestId,
    signal,
    fromFindings,
  );
  if (scored.kind === "cancelled") return scored;
  const { score, error } = scored;
  const isWhole = error === undefined;
  documents.learn(
    document.uri,
    isWhole ? { ...next, score } : { ...next, baseline: known.baseline },
    isWhole,
  );
  const skipped = whyNotAll(targets, cut, chunks.length);
  const looked = linesOfChunks(page, run.touched);
  const isAll =
    request.scope === "file" && skipped === undefined && run.completed.length === chunks.length;
  return finish({
    findings: visible,
    score,
    error,
    without: run.without,
    skipped,
    reviewed: isAll ? undefined : rangesOf(looked),
    reviewedLines: looked.size,
    leftOut: run.error === undefined ? run.leftOut : chunks.length - run.completed.length,
    tokensUsed: run.tokensUsed + scored.tokensUsed,
  });
}

const unchanged: Skip = { reason: "unchanged", detail: "Nothing changed since the last review." };

/** Why lines that should have been looked at were not; undefined: there are none. */
function whyNotAll(
  { conflicting, conflicts }: Targets,
  { chunks, erroneous }: Chunking,
  left: number,
): Skip | undefined {
  if (conflicting.length > 0 || left < chunks.length) {
    const detail = `A merge conflict is not resolved at ${conflicts.length} places.`;
    return { reason: "conflict", detail };
  }
  if (erroneous.length === 0) return undefined;
  return { reason: "syntaxError", detail: `${erroneous.length} lines do not parse.` };
}

/** Without the chunks that hold a merge conflict: both sides of it at once are no code. */
function withoutConflicts(
  { index }: Page,
  chunks: readonly Chunk[],
  { conflicts }: Targets,
): Chunk[] {
  const places = conflicts.map(({ start, end }) => ({
    start: index.startOf(start),
    end: index.startOf(end),
  }));
  return chunks.filter(
    (chunk) => !places.some(({ start, end }) => start < chunk.end && chunk.start < end),
  );
}

function logTargets(
  { log }: Shared,
  { requestId, trigger }: ReviewRequest,
  { document, lines }: Page,
  targets: Targets,
  { erroneous }: Chunking,
  chunks: number,
): void {
  log.event("reviewing", {
    requestId,
    trigger,
    language: document.languageId,
    comparedWith: targets.comparedWith,
    lines: lines.length,
    chosen: targets.lines.length,
    chunks,
    inConflict: targets.conflicting.length,
    inSyntaxError: erroneous.length,
  });
}
