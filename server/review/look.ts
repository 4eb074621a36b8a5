import type { Clock } from "../engine/clock.ts";
import { toCodedError, type ErrorCode } from "../protocol/errors.ts";
import type { Chunk, ChunkOutcome, ChunkReviewer, Finding, ReviewDocument } from "./types.ts";

const hostIsGone = new Set<ErrorCode>(["HOST_DIED", "HOST_HUNG", "MODEL_UNAVAILABLE"]);

export interface LookOptions {
  readonly document: ReviewDocument;
  readonly chunk: Chunk;
  readonly reviewer: ChunkReviewer;
  readonly clock: Clock;
  /** After so many milliseconds it is given up, as cancelled. */
  readonly wallMs: number;
  readonly signal: AbortSignal;
  /** Waits for the model after its process died; false: it does not come back. */
  readonly comeBack: () => Promise<boolean>;
  readonly onFinding: (finding: Finding) => void;
}

/** One look at a chunk; a second one where the model's process died under the first. Never rejects. */
export async function lookAt(options: LookOptions): Promise<ChunkOutcome> {
  const first = await lookOnce(options);
  const isGone = first.kind === "failed" && hostIsGone.has(first.error.code);
  if (!isGone || options.signal.aborted) return first;
  return (await options.comeBack()) ? lookOnce(options) : first;
}

async function lookOnce(options: LookOptions): Promise<ChunkOutcome> {
  const { document, chunk, reviewer, clock, wallMs, signal, onFinding } = options;
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

function aborted({ signal }: AbortController): Promise<ChunkOutcome> {
  return new Promise((resolve) => {
    const settle = () => resolve({ kind: "cancelled" });
    if (signal.aborted) settle();
    else signal.addEventListener("abort", settle, { once: true });
  });
}
