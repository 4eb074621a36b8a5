import { drawBelow } from "../random.ts";
import { meanOf, type Interval } from "../statistics.ts";
import { topOf, type JudgedCase } from "./judgeCases.ts";

/** Probability that a positive scores above a negative; ties count half. NaN without both. */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  const sorted = [...negatives].sort((a, b) => a - b);
  const below = (limit: number, inclusive: boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const value = sorted[middle] ?? 0;
      if (value < limit || (inclusive && value === limit)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const wins = positives.map((score) => (below(score, false) + below(score, true)) / 2);
  return wins.reduce((sum, value) => sum + value, 0) / (positives.length * negatives.length);
}

/**
 * The least threshold at which at most this share of the scores reaches it: the threshold itself is
 * just above the score that would be too many.
 */
export function thresholdFor(scores: readonly number[], share: number): number {
  const descending = [...scores].sort((a, b) => b - a);
  const allowed = Math.floor(share * scores.length + 1e-9);
  const excluded = descending[allowed];
  return excluded === undefined ? 0 : excluded + 1e-9;
}

/** Mean over kinds of each kind's mean: every kind counts the same. */
export function macroMean(
  cases: readonly JudgedCase[],
  value: (one: JudgedCase) => number,
): number {
  return meanOf([...byKind(cases).values()].map((group) => meanOf(group.map(value))));
}

/** Cases by their kind of bug. */
export function byKind(cases: readonly JudgedCase[]): Map<string, JudgedCase[]> {
  const groups = new Map<string, JudgedCase[]>();
  for (const one of cases) groups.set(one.kind, [...(groups.get(one.kind) ?? []), one]);
  return groups;
}

/** Mean over kinds of the area under the curve: the kind's faulty functions against all clean ones. */
export function macroArea(cases: readonly JudgedCase[]): number {
  const clean = cases.map((one) => topOf(one.clean));
  return meanOf(
    [...byKind(cases).values()].map((group) =>
      areaUnderCurve(
        group.map((one) => topOf(one.bug)),
        clean,
      ),
    ),
  );
}

/** Macro-averaged share of bugs flagged where at most this share of the clean functions is. */
export function macroRecallAt(cases: readonly JudgedCase[], falseAlarms: number): number {
  const threshold = thresholdFor(
    cases.map((one) => topOf(one.clean)),
    falseAlarms,
  );
  return macroMean(cases, (one) => Number(topOf(one.bug) >= threshold));
}

/** Percentile bootstrap of a figure; cases are drawn anew within each kind, so kinds stay even. */
export function bootstrap(
  cases: readonly JudgedCase[],
  figure: (drawn: readonly JudgedCase[]) => number,
  random: () => number,
  rounds = 1000,
): Interval {
  const groups = [...byKind(cases).values()];
  const drawn = Array.from({ length: rounds }, () =>
    figure(
      groups.flatMap((group) => group.flatMap(() => group[drawBelow(group.length, random)] ?? [])),
    ),
  ).sort((a, b) => a - b);
  const at = (fraction: number): number =>
    drawn[Math.min(rounds - 1, Math.floor(fraction * rounds))] ?? NaN;
  return { mean: figure(cases), low: at(0.025), high: at(0.975) };
}
