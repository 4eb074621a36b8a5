import type { LatencySummary } from "../../../protocol/logs.ts";
import { percentileOf, summarizeCounts, type CountedValue } from "../../percentiles.ts";

const smallest = 0.01;

/**
 * Durations in buckets, each a few hundredths wider than the one before: memory stays the same however
 * many are added. A percentile is off by at most half a bucket's width, 1% at the width used for
 * summaries; count and maximum are exact.
 */
export class Histogram {
  count = 0;
  max = 0;
  private readonly buckets: Uint32Array;
  private readonly logWidth: number;

  /** @param width Ratio of one bucket's bounds. */
  constructor(width = 1.02, largest = 1e8) {
    this.logWidth = Math.log(width);
    this.buckets = new Uint32Array(Math.ceil(Math.log(largest / smallest) / this.logWidth) + 1);
  }

  /** @param value Milliseconds. */
  add(value: number): void {
    this.count += 1;
    if (value > this.max) this.max = value;
    const bucket = value <= smallest ? 0 : Math.ceil(Math.log(value / smallest) / this.logWidth);
    const at = Math.min(bucket, this.buckets.length - 1);
    this.buckets[at] = (this.buckets[at] ?? 0) + 1;
  }

  addAll(other: Histogram): void {
    this.count += other.count;
    this.max = Math.max(this.max, other.max);
    other.buckets.forEach((count, at) => (this.buckets[at] = (this.buckets[at] ?? 0) + count));
  }

  /** The value at a fraction, by nearest rank; 0 of none. */
  percentile(fraction: number): number {
    return Math.min(this.max, percentileOf(this.counted(), fraction));
  }

  summary(): LatencySummary {
    return summarizeCounts(this.counted(), this.max);
  }

  private counted(): CountedValue[] {
    const counted: CountedValue[] = [];
    this.buckets.forEach((count, at) => {
      if (count > 0) counted.push([rounded(this.middleOf(at)), count]);
    });
    return counted;
  }

  private middleOf(bucket: number): number {
    return bucket === 0 ? smallest : smallest * Math.exp((bucket - 0.5) * this.logWidth);
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
