import type { LatencySummary } from "../../../protocol/logs.ts";

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
    const rank = Math.max(1, Math.ceil(fraction * this.count));
    let seen = 0;
    for (let at = 0; at < this.buckets.length; at += 1) {
      seen += this.buckets[at] ?? 0;
      if (seen >= rank) {
        const middle = at === 0 ? smallest : smallest * Math.exp((at - 0.5) * this.logWidth);
        return rounded(Math.min(middle, this.max));
      }
    }
    return 0;
  }

  summary(): LatencySummary {
    return {
      count: this.count,
      p50: this.percentile(0.5),
      p90: this.percentile(0.9),
      p95: this.percentile(0.95),
      p99: this.percentile(0.99),
      max: this.max,
    };
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
