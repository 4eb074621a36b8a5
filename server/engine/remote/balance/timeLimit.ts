import type { LatencyWindow } from "./latencyWindow.ts";

/** Twice what all but one in twenty take: later than that is no chance any more. */
const share = 0.95;
const factor = 2;
const leastMs = 250;
/** Fewer times say nothing of the twentieth. */
const enough = 20;
/** Until then; the first request of a server often loads what the next ones find loaded. */
const atFirstMs = 5000;

/**
 * Milliseconds after which a first token, or the next one, is late: a percentile of the last
 * first tokens, as in Dean and Barroso, The Tail at Scale (2013).
 * @param mostMs the limit that the settings set
 */
export function timeLimitMs(times: LatencyWindow, mostMs: number): number {
  const usual = times.count < enough ? undefined : times.percentile(share);
  const limit = usual === undefined ? atFirstMs : usual * factor;
  return Math.min(mostMs, Math.max(leastMs, limit));
}
