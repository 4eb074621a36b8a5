import type { StatsStep } from "../../server/protocol/stats.ts";

/** Seconds of one step of the statistics. */
export const stepSeconds = 5 * 60;
const daySeconds = 24 * 60 * 60;

/** The last day in columns for charts, by time. */
export interface HistoryColumns {
  /** Seconds since the epoch. */
  readonly x: readonly number[];
  readonly steps: readonly StatsStep[];
  /** The day that ends with the last step, so that a short history stands at the right. */
  readonly range: readonly [number, number];
}

/** Steps out of order, twice or without a time are left out. `nowSeconds` ends an empty day. */
export function historyColumns(all: readonly StatsStep[], nowSeconds: number): HistoryColumns {
  const x: number[] = [];
  const steps: StatsStep[] = [];
  for (const step of all) {
    const seconds = new Date(step.time).getTime() / 1000;
    if (!Number.isFinite(seconds) || seconds <= (x.at(-1) ?? -Infinity)) continue;
    x.push(seconds);
    steps.push(step);
  }
  const end = (x.at(-1) ?? nowSeconds) + stepSeconds;
  return { x, steps, range: [end - daySeconds, end] };
}
