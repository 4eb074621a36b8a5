import { z } from "zod";
import { summarizeCounts } from "../../logs/percentiles.ts";
import type { LatencySummary } from "../../protocol/logs.ts";

/*
 * Durations counted in buckets whose bounds grow by a tenth: two of them can be added up, and a
 * percentile is off by 1/21 (4.8 %) at most.
 */

const growth = 1.1;
const logGrowth = Math.log(growth);
/** Below 0.05 ms and above 50 hours nothing is told apart. */
const lowest = -31;
const highest = 200;

export const histogramSchema = z.object({
  /** The longest duration, exactly, in milliseconds. */
  max: z.number().min(0),
  /** Index → count; bucket `i` holds what lies above `1.1^(i-1)` ms and up to `1.1^i` ms. */
  buckets: z.record(z.string().regex(/^-?\d{1,3}$/), z.number().min(0)),
});
export type Histogram = z.infer<typeof histogramSchema>;

export function createHistogram(): Histogram {
  return { max: 0, buckets: {} };
}

/** Counts one duration, in milliseconds. What is no number counts as nothing. */
export function addDuration(histogram: Histogram, ms: number): void {
  const index = indexOf(ms);
  histogram.buckets[index] = (histogram.buckets[index] ?? 0) + 1;
  if (ms > histogram.max) histogram.max = ms;
}

/** Adds the counts of another histogram. */
export function addHistogram(into: Histogram, from: Histogram): void {
  for (const [index, count] of Object.entries(from.buckets)) {
    into.buckets[index] = (into.buckets[index] ?? 0) + count;
  }
  into.max = Math.max(into.max, from.max);
}

/** Nearest-rank percentiles, each within 4.8 % of the true one; `max` is exact. */
export function summarize({ max, buckets }: Histogram): LatencySummary {
  const ascending = Object.entries(buckets)
    .map(([index, count]) => [Number(index), count] as const)
    .sort(([a], [b]) => a - b);
  return summarizeCounts(
    ascending.map(([index, count]) => [middleOf(index), count]),
    max,
  );
}

function indexOf(ms: number): number {
  if (!(ms > growth ** (lowest - 1))) return lowest;
  return Math.min(highest, Math.max(lowest, Math.ceil(Math.log(ms) / logGrowth)));
}

/** The value that is off by the same share at both bounds. */
function middleOf(index: number): number {
  return index <= lowest ? 0 : (2 * growth ** index) / (growth + 1);
}
