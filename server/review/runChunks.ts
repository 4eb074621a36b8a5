import type { Clock } from "../engine/clock.ts";
import { toCodedError, type CodedError, type ErrorCode } from "../protocol/errors.ts";
import type { Usage } from "../protocol/host.ts";
import { withoutCovered } from "./comments/substance.ts";
import { isSound } from "./toFinding.ts";
import type { Chunk, ChunkOutcome, ChunkReviewer, Finding, ReviewDocument } from "./types.ts";

/** How looking at chunks ended. */
export interface ChunksRun {
  readonly kind: "done" | "cancelled";
  /** Those that every reviewer looked at to the end. */
  readonly completed: readonly Chunk[];
  /** These and those that at least one looked at; findings are about them. */
  readonly touched: readonly Chunk[];
  readonly findings: readonly Finding[];
  /** Left out since the time was used up. */
  readonly leftOut: number;
  /** Why not all was looked at; of several errors the first. */
  readonly error: CodedError | undefined;
  readonly tokensUsed: number;
  readonly modelMs: number;
}

export interface ChunksRunOptions {
  readonly document: ReviewDocument;
  readonly chunks: readonly Chunk[];
  readonly reviewers: readonly ChunkReviewer[];
  readonly clock: Clock;
  /** Of the model's time; waiting behind typing costs nothing of it. */
  readonly maxMs: number;
  readonly signal: AbortSignal;
  /** Waits for the model after its process died; false: it does not come back. */
  readonly comeBack: () => Promise<boolean>;
  readonly cached: {
    get(chunk: Chunk): readonly Finding[] | undefined;
    set(chunk: Chunk, findings: readonly Finding[]): void;
  };
  /** All findings so far, those of the running chunk included that may still be taken back. */
  readonly onProgress: (progress: {
    readonly done: number;
    /** Those looked at so far, to the end or not. */
    readonly touched: readonly Chunk[];
    readonly findings: readonly Finding[];
  }) => void;
}

/** A chunk may wait behind typing; so many times the model's time is the end of all patience. */
const patience = 4;

const hostIsGone = new Set<ErrorCode>(["HOST_DIED", "HOST_HUNG", "MODEL_UNAVAILABLE"]);
/** Failures of one chunk; with any other the next chunk would fail, too. */
const ofTheChunk = new Set<ErrorCode>([
  "PARSING_ERROR",
  "CONTEXT_OVERFLOW",
  "TIMEOUT_ERROR",
  "INTERNAL_ERROR",
]);

/** Lets every reviewer look at each chunk in turn, within the time allowed. Never rejects. */
export async function runChunks(options: ChunksRunOptions): Promise<ChunksRun> {
  const { document, chunks, reviewers, clock, maxMs, signal, cached } = options;
  const completed: Chunk[] = [];
  const touched: Chunk[] = [];
  let findings: Finding[] = [];
  let leftOut = 0;
  let isBroken = false;
  let error: CodedError | undefined;
  let tokensUsed = 0;
  let modelMs = 0;
  const end = (kind: ChunksRun["kind"]): ChunksRun => {
    return { kind, completed, touched, findings, leftOut, error, tokensUsed, modelMs };
  };
  const pay = (usage: Usage | undefined): void => {
    if (usage === undefined) return;
    tokensUsed += usage.evaluatedTokens + usage.generatedTokens;
    modelMs += usage.prefillMs + usage.decodeMs;
  };
  const tell = (all: readonly Finding[], about: readonly Chunk[]): void =>
    options.onProgress({
      done: completed.length,
      touched: about,
      findings: withoutDoubles(all),
    });
  const isCancelled = () => signal.aborted;
  const startedAt = clock.now();

  for (const [i, chunk] of chunks.entries()) {
    if (isCancelled()) return end("cancelled");
    const known = cached.get(chunk);
    const own: Finding[] = [];
    let isComplete = true;
    let wasSeen = known !== undefined;
    for (const reviewer of known === undefined ? reviewers : []) {
      const wallLeft = maxMs * patience - (clock.now() - startedAt);
      // A review that is allowed no time at all looks at one chunk, or none would ever be.
      const isFirst = i === 0 && reviewer === reviewers[0];
      if (!isFirst && (modelMs >= maxMs || wallLeft <= 0)) {
        isComplete = false;
        leftOut++;
        break;
      }
      const early: Finding[] = [];
      const outcome = await lookAt(reviewer, chunk, wallLeft, (finding) => {
        if (!isSound(finding, document.text.length)) return;
        early.push(finding);
        tell([...findings, ...own, ...early], [...touched, chunk]);
      });
      if (isCancelled()) return end("cancelled");
      if (outcome.kind === "done") {
        wasSeen = true;
        pay(outcome.usage);
        own.push(...outcome.findings.filter((each) => isSound(each, document.text.length)));
        continue;
      }
      isComplete = false;
      if (outcome.kind === "cancelled") {
        // Not by our caller: its time was used up.
        leftOut++;
        break;
      }
      error ??= outcome.error;
      isBroken = !ofTheChunk.has(outcome.error.code);
      break;
    }
    if (isComplete) completed.push(chunk);
    if (isComplete && known === undefined) cached.set(chunk, own);
    if (wasSeen) touched.push(chunk);
    findings = withoutDoubles([...findings, ...(known ?? own)]);
    tell(findings, touched);
    if (isBroken) break;
  }
  return end("done");

  /** One look; a second one where the model's process died under the first. */
  async function lookAt(
    reviewer: ChunkReviewer,
    chunk: Chunk,
    wallMs: number,
    onFinding: (finding: Finding) => void,
  ): Promise<ChunkOutcome> {
    const first = await lookOnce(reviewer, chunk, wallMs, onFinding);
    if (first.kind !== "failed" || !hostIsGone.has(first.error.code) || signal.aborted)
      return first;
    return (await options.comeBack()) ? lookOnce(reviewer, chunk, wallMs, onFinding) : first;
  }

  async function lookOnce(
    reviewer: ChunkReviewer,
    chunk: Chunk,
    wallMs: number,
    onFinding: (finding: Finding) => void,
  ): Promise<ChunkOutcome> {
    const own = new AbortController();
    const abort = () => own.abort();
    signal.addEventListener("abort", abort);
    const cancelTimer = clock.after(Math.max(1, wallMs), abort);
    let isOver = false;
    try {
      const tell = (finding: Finding) => {
        if (!isOver && !own.signal.aborted) onFinding(finding);
      };
      // A reviewer that does not heed its signal must not hold up all other reviews.
      return await Promise.race([reviewer.review(document, chunk, tell, own.signal), aborted(own)]);
    } catch (thrown) {
      return { kind: "failed", error: toCodedError(thrown) };
    } finally {
      isOver = true;
      cancelTimer();
      signal.removeEventListener("abort", abort);
    }
  }
}

/**
 * Of several findings at one place, such as in the overlap of two parts, the likeliest; a comment
 * beside a finding by likelihood goes.
 */
function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of withoutCovered(findings, findings)) {
    const key = `${finding.start} ${finding.end}`;
    const other = best.get(key);
    if (other === undefined || other.confidence < finding.confidence) best.set(key, finding);
  }
  return [...best.values()];
}

function aborted({ signal }: AbortController): Promise<ChunkOutcome> {
  return new Promise((resolve) => {
    const settle = () => resolve({ kind: "cancelled" });
    if (signal.aborted) settle();
    else signal.addEventListener("abort", settle, { once: true });
  });
}
