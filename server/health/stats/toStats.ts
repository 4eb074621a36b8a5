import type { Stats, StatsStep, StatsWindow } from "../../protocol/stats.ts";
import {
  sumCounts,
  createCounts,
  type Counts,
  type LatencyName,
  type NumberName,
} from "./counts.ts";
import { createHistogram, summarize } from "./histogram.ts";
import { stepMs, stepOf, type History } from "./history.ts";

/** Said wherever statistics are shown. */
export const statsNote = "Counted on this machine only; nothing of it is ever sent.";

/** What lies behind the present step. */
const stepsOf = { hour: 12, day: 288 } as const;
/** From fewer tokens no speed is told. */
const fewestTokens = { prefill: 100, decode: 20 } as const;

/**
 * Statistics as they are told. An hour is the step that runs and the twelve before it, a day that
 * and 288 before it: `since` tells when exactly each begins.
 */
export function toStats(history: History, now: number): Omit<Stats, "session" | "memory"> {
  const windowOf = (steps: number): StatsWindow => {
    const from = stepOf(now) - steps * stepMs;
    const within = [...history.steps].filter(([step]) => step >= from);
    return toWindow(sumCounts(within.map(([, counts]) => counts)), Math.max(from, history.since));
  };
  return {
    note: statsNote,
    hour: windowOf(stepsOf.hour),
    day: windowOf(stepsOf.day),
    total: toWindow(history.total, history.since),
    steps: toSteps(history, now),
  };
}

/** Counts as they are told of a span that began at `since`. */
export function toWindow(counts: Counts, since: number): StatsWindow {
  const of = (name: NumberName): number => counts.numbers[name] ?? 0;
  const latency = (name: LatencyName) => summarize(counts.latency[name] ?? createHistogram());
  const shown = of("shown");
  const prefill = speed(of("prefillTokens"), of("prefillMs"), fewestTokens.prefill);
  const decode = speed(of("decodeTokens"), of("decodeMs"), fewestTokens.decode);
  return {
    since: new Date(since).toISOString(),
    requests: of("requests"),
    automatic: of("automatic"),
    invoked: of("invoked"),
    shown,
    acceptedWhole: of("acceptedWhole"),
    acceptedPart: of("acceptedPart"),
    kept30s: of("kept30s"),
    judged30s: of("judged30s"),
    kept5min: of("kept5min"),
    judged5min: of("judged5min"),
    charactersSaved: of("charactersSaved"),
    nothing: { ...counts.nothing },
    errors: { ...counts.errors },
    reviews: of("reviews"),
    findings: of("findings"),
    latency: {
      queue: latency("queue"),
      prefill: latency("prefill"),
      decode: latency("decode"),
      total: latency("total"),
      review: latency("review"),
    },
    tokens: {
      evaluated: of("evaluated"),
      reused: of("reused"),
      generated: of("generated"),
      hedged: of("hedged"),
    },
    fromCache: of("fromCache"),
    joined: of("joined"),
    ...(shown === 0 ? {} : { cacheHitRate: of("fromCache") / shown }),
    speed: {
      ...(prefill === undefined ? {} : { prefill }),
      ...(decode === undefined ? {} : { decode }),
    },
  };
}

/** Without gaps from the first step of the last day in which something was counted. */
function toSteps({ steps }: History, now: number): StatsStep[] {
  const last = stepOf(now);
  const from = last - stepsOf.day * stepMs;
  const counted = [...steps.keys()].filter((step) => step >= from && step <= last);
  const told: StatsStep[] = [];
  for (let step = Math.min(...counted); step <= last; step += stepMs) {
    told.push(toStep(steps.get(step) ?? createCounts(), step));
  }
  return told;
}

function toStep({ numbers, errors, latency }: Counts, step: number): StatsStep {
  const total = latency.total === undefined ? undefined : summarize(latency.total);
  const { requests = 0, shown = 0, acceptedWhole = 0, acceptedPart = 0 } = numbers;
  return {
    time: new Date(step).toISOString(),
    requests,
    shown,
    accepted: acceptedWhole + acceptedPart,
    errors: Object.values(errors).reduce((sum, each) => sum + each, 0),
    ...(total === undefined ? {} : { p50Ms: total.p50, p95Ms: total.p95 }),
    evaluatedTokens: numbers.evaluated ?? 0,
    generatedTokens: numbers.generated ?? 0,
  };
}

function speed(tokens: number, ms: number, fewest: number): number | undefined {
  return tokens < fewest || ms <= 0 ? undefined : (tokens / ms) * 1000;
}
