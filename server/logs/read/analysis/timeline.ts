import type { LogAnalysis } from "../../../protocol/logs.ts";
import { Histogram } from "./histogram.ts";

type Timeline = LogAnalysis["timeline"];

const second = 1000;
const hour = 3600 * second;
/** Each divides the next: steps are put together, never split. */
const stepSizes = [
  second,
  5 * second,
  10 * second,
  30 * second,
  60 * second,
  300 * second,
  600 * second,
  1800 * second,
  hour,
  2 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
];
const mostSteps = 120;
/** Steps that have records, kept while reading; more are put together. */
const mostKept = 1000;

interface Step {
  /** By index into `logLevels`. */
  readonly levels: number[];
  /** Absent until there is a duration. */
  durations: Histogram | undefined;
}

/** Counts over time, in steps that grow with the time that the records span. */
export class TimelineCounts {
  private stepMs = second;
  private steps = new Map<number, Step>();
  private lastKey = NaN;
  private lastStep: Step | undefined;

  /** @param level Index into `logLevels`. @param durationMs NaN where there is none. */
  add(time: number, level: number, durationMs: number): void {
    const key = Math.floor(time / this.stepMs);
    if (key !== this.lastKey) this.turnTo(key);
    const step = this.lastStep;
    if (step === undefined) return;
    step.levels[level] = (step.levels[level] ?? 0) + 1;
    if (durationMs >= 0) (step.durations ??= newHistogram()).add(durationMs);
    if (this.steps.size > mostKept) this.coarsen();
  }

  /** Steps without gaps; times far from all others, such as of a clock that was wrong, are left out. */
  list(): Timeline {
    let range = this.usualRange();
    while (range.to - range.from + 1 > mostSteps) {
      this.coarsen();
      range = this.usualRange();
    }
    const steps: Timeline["steps"] = [];
    for (let key = range.from; key <= range.to; key += 1) {
      const { levels = [], durations } = this.steps.get(key) ?? {};
      steps.push({
        time: new Date(key * this.stepMs).toISOString(),
        error: levels[1] ?? 0,
        warn: levels[2] ?? 0,
        info: levels[3] ?? 0,
        debug: levels[4] ?? 0,
        ...(durations === undefined ? {} : { medianMs: durations.percentile(0.5) }),
      });
    }
    return { stepMs: this.stepMs, steps };
  }

  private turnTo(key: number): void {
    let step = this.steps.get(key);
    if (step === undefined) {
      step = { levels: [0, 0, 0, 0, 0], durations: undefined };
      this.steps.set(key, step);
    }
    this.lastKey = key;
    this.lastStep = step;
  }

  private coarsen(): void {
    const larger = stepSizes.find((size) => size > this.stepMs) ?? this.stepMs * 2;
    const ratio = larger / this.stepMs;
    const steps = new Map<number, Step>();
    for (const [key, { levels, durations }] of this.steps) {
      const into = steps.get(Math.floor(key / ratio));
      if (into === undefined) {
        steps.set(Math.floor(key / ratio), { levels, durations });
        continue;
      }
      levels.forEach((count, level) => (into.levels[level] = (into.levels[level] ?? 0) + count));
      if (durations !== undefined) (into.durations ??= newHistogram()).addAll(durations);
    }
    this.stepMs = larger;
    this.steps = steps;
    this.lastKey = NaN;
    this.lastStep = undefined;
  }

  /** First and last step; without the outermost thousandth where that takes nine tenths of the time. */
  private usualRange(): { from: number; to: number } {
    const keys = [...this.steps.keys()].sort((a, b) => a - b);
    const counts = keys.map((key) => sum(this.steps.get(key)?.levels ?? []));
    const [first = 0, last = -1] = [keys[0], keys.at(-1)];
    const spare = Math.max(1, sum(counts) / 1000);
    const from = keys[endOf(counts, spare)] ?? first;
    const to = keys[keys.length - 1 - endOf(counts.toReversed(), spare)] ?? last;
    return to >= from && to - from < (last - first) / 10 ? { from, to } : { from: first, to: last };
  }
}

/** Index of the first count past the spare ones. */
function endOf(counts: readonly number[], spare: number): number {
  let seen = 0;
  return counts.findIndex((count) => (seen += count) > spare);
}

/** Medians of a chart: within 2%. */
function newHistogram(): Histogram {
  return new Histogram(1.04, 1e7);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
