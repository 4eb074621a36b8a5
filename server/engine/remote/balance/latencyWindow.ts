/** The last times of something, in milliseconds. */
export interface LatencyWindow {
  add(ms: number): void;
  readonly count: number;
  /** By nearest rank; undefined without a time. @param share such as 0.95 */
  percentile(share: number): number | undefined;
}

/** @param most how many times are kept */
export function createLatencyWindow(most: number): LatencyWindow {
  const kept: number[] = [];
  let next = 0;
  let sorted: number[] | undefined;
  return {
    add(ms) {
      kept[next] = ms;
      next = (next + 1) % most;
      sorted = undefined;
    },
    get count() {
      return kept.length;
    },
    percentile(share) {
      sorted ??= [...kept].sort((one, other) => one - other);
      const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
      return sorted[rank];
    },
  };
}
