import { z } from "zod";
import { addHistogram, createHistogram, histogramSchema, type Histogram } from "./histogram.ts";

/*
 * What is counted: numbers, codes and reasons, nothing else. What was not counted is left out.
 */

const numberNames = [
  "requests",
  "automatic",
  "invoked",
  "shown",
  "acceptedWhole",
  "acceptedPart",
  "kept30s",
  "judged30s",
  "kept5min",
  "judged5min",
  "charactersSaved",
  "reviews",
  "findings",
  "evaluated",
  "reused",
  "generated",
  "hedged",
  "fromCache",
  "joined",
  /** What speed is computed from: completions only. */
  "prefillTokens",
  "prefillMs",
  "decodeTokens",
  "decodeMs",
] as const;
export type NumberName = (typeof numberNames)[number];

const latencyNames = ["queue", "prefill", "decode", "total", "review"] as const;
export type LatencyName = (typeof latencyNames)[number];

const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const tally = z.record(z.string().regex(/^\w{1,60}$/), count);

export const countsSchema = z.object({
  numbers: z.partialRecord(z.enum(numberNames), count),
  /** Reason why nothing was suggested → count. */
  nothing: tally,
  /** Error code → count. */
  errors: tally,
  latency: z.partialRecord(z.enum(latencyNames), histogramSchema),
});
export type Counts = z.infer<typeof countsSchema>;

export function createCounts(): Counts {
  return { numbers: {}, nothing: {}, errors: {}, latency: {} };
}

/** Raises one number. */
export function raise(counts: Counts, name: NumberName, by = 1): void {
  counts.numbers[name] = (counts.numbers[name] ?? 0) + by;
}

/** Counts one more of a reason or a code. */
export function tallyOne(counts: Counts, kind: "nothing" | "errors", key: string): void {
  addTally(counts[kind], { [key]: 1 });
}

/** The histogram of a latency, made at its first use. */
export function latencyOf(counts: Counts, name: LatencyName): Histogram {
  return (counts.latency[name] ??= createHistogram());
}

/** Adds what another one counted. */
export function addCounts(into: Counts, from: Counts): void {
  for (const name of numberNames) {
    const by = from.numbers[name];
    if (by !== undefined) raise(into, name, by);
  }
  addTally(into.nothing, from.nothing);
  addTally(into.errors, from.errors);
  for (const name of latencyNames) {
    const histogram = from.latency[name];
    if (histogram !== undefined) addHistogram(latencyOf(into, name), histogram);
  }
}

/** The sum of many. */
export function sumCounts(all: Iterable<Counts>): Counts {
  const sum = createCounts();
  for (const counts of all) addCounts(sum, counts);
  return sum;
}

function addTally(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [key, by] of Object.entries(from)) {
    into[key] = (Object.hasOwn(into, key) ? (into[key] ?? 0) : 0) + by;
  }
}
