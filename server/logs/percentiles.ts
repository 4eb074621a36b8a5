import type { LatencySummary } from "../protocol/logs.ts";

/** A value that stands for those of its bucket, and how many there are. */
export type CountedValue = readonly [value: number, count: number];

/** The value at a share of all, by nearest rank; 0 of none. Values ascend. */
export function percentileOf(ascending: readonly CountedValue[], share: number): number {
  const all = ascending.reduce((sum, [, count]) => sum + count, 0);
  let left = Math.max(1, Math.ceil(share * all));
  for (const [value, count] of ascending) {
    left -= count;
    if (left <= 0) return value;
  }
  return 0;
}

/** @param max the largest value itself, which its bucket's may exceed */
export function summarizeCounts(ascending: readonly CountedValue[], max: number): LatencySummary {
  const at = (share: number): number => Math.min(max, percentileOf(ascending, share));
  const count = ascending.reduce((sum, [, each]) => sum + each, 0);
  return { count, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max };
}
