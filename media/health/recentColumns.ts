import type { RecentRequest } from "../../server/protocol/health.ts";
import type { Values } from "../parts/stack.ts";

/** How many requests the live charts show; they come in from the right. */
export const recentPlaces = 60;

/** The newest requests for suggestions, in columns for the live charts. */
export interface RecentColumns {
  /** The place of each request, of `recentPlaces`. */
  readonly x: readonly number[];
  readonly requests: readonly RecentRequest[];
  readonly queue: Values;
  readonly prefill: Values;
  readonly decode: Values;
  /** What is in none of the three: gathering context, the cache, tree-sitter. */
  readonly rest: Values;
  readonly evaluated: Values;
  readonly generated: Values;
  /** Median of the whole times; undefined of none. */
  readonly medianMs: number | undefined;
}

export function recentColumns(recent: readonly RecentRequest[]): RecentColumns {
  const requests = recent.filter(({ service }) => service === "completion").slice(-recentPlaces);
  const first = recentPlaces - requests.length;
  const of = (read: (request: RecentRequest) => number | undefined): Values => requests.map(read);
  return {
    x: requests.map((_, index) => first + index),
    requests,
    queue: of(({ queueMs }) => queueMs),
    prefill: of(({ prefillMs }) => prefillMs),
    decode: of(({ decodeMs }) => decodeMs),
    rest: of(({ totalMs, queueMs = 0, prefillMs = 0, decodeMs = 0 }) =>
      Math.max(0, totalMs - queueMs - prefillMs - decodeMs),
    ),
    evaluated: of(({ evaluatedTokens }) => evaluatedTokens),
    generated: of(({ generatedTokens }) => generatedTokens),
    medianMs: median(requests.map(({ totalMs }) => totalMs)),
  };
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
