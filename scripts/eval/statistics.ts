import { drawBelow } from "./random.ts";

/** A mean and the interval that holds it in 95 of 100 resamplings. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean of the values; 0 of none. */
export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Percentile bootstrap of the mean of paired differences: each difference belongs to one line, so
 * resampling lines keeps the pairs.
 * @param random uniform in [0, 1); @param rounds resamplings.
 */
export function pairedBootstrap(
  differences: readonly number[],
  random: () => number,
  rounds = 10_000,
): Interval {
  const mean = meanOf(differences);
  const count = differences.length;
  if (count === 0) return { mean, low: 0, high: 0 };
  const means = Array.from({ length: rounds }, () => {
    let sum = 0;
    for (let draw = 0; draw < count; draw += 1) sum += differences[drawBelow(count, random)] ?? 0;
    return sum / count;
  }).sort((a, b) => a - b);
  const at = (fraction: number): number =>
    means[Math.min(rounds - 1, Math.floor(fraction * rounds))] ?? mean;
  return { mean, low: at(0.025), high: at(0.975) };
}

/** How much of `truth` a text has right from its start, 0 to 1. */
export function shareRight(text: string, truth: string): number {
  if (truth === "") return text === "" ? 1 : 0;
  let same = 0;
  while (same < truth.length && text[same] === truth[same]) same += 1;
  return same / truth.length;
}
