/** The value at a fraction of the sorted values (nearest rank); NaN of none. */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)] ?? NaN;
}

/** `p50 1.2 ms, p95 3.4 ms`. */
export function describeMilliseconds(values: readonly number[]): string {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)];
  return `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`;
}
