import type { Stats, StatsWindow } from "../protocol/stats.ts";
import { describeRemotes, whole } from "./describeRemotes.ts";

const columns = ["hour", "day", "total"] as const;

/** A row: what it is about, and what it says of a span of time. */
type Row = readonly [string, (window: StatsWindow) => string];

const rows: readonly Row[] = [
  ["requests", ({ requests }) => whole(requests)],
  ["  automatic", ({ automatic }) => whole(automatic)],
  ["  by hand", ({ invoked }) => whole(invoked)],
  ["suggestions shown", ({ shown }) => whole(shown)],
  ["  from the cache", ({ fromCache, cacheHitRate }) => withShare(fromCache, cacheHitRate)],
  ["  joined while generated", ({ joined }) => whole(joined)],
  [
    "accepted wholly",
    ({ acceptedWhole, shown }) => withShare(acceptedWhole, acceptedWhole / shown),
  ],
  ["accepted in part", ({ acceptedPart, shown }) => withShare(acceptedPart, acceptedPart / shown)],
  ["still there after 30 s", ({ kept30s, judged30s }) => ofMany(kept30s, judged30s)],
  ["still there after 5 min", ({ kept5min, judged5min }) => ofMany(kept5min, judged5min)],
  ["characters saved", ({ charactersSaved }) => whole(charactersSaved)],
  ["reviews", ({ reviews }) => whole(reviews)],
  ["findings drawn", ({ findings }) => whole(findings)],
  ["errors", ({ errors }) => whole(Object.values(errors).reduce((sum, each) => sum + each, 0))],
  ["answer, median", ({ latency }) => duration(latency.total.p50, latency.total.count)],
  ["answer, 95 %", ({ latency }) => duration(latency.total.p95, latency.total.count)],
  ["  waiting, median", ({ latency }) => duration(latency.queue.p50, latency.queue.count)],
  ["  prompt, median", ({ latency }) => duration(latency.prefill.p50, latency.prefill.count)],
  ["  generating, median", ({ latency }) => duration(latency.decode.p50, latency.decode.count)],
  ["review, median", ({ latency }) => duration(latency.review.p50, latency.review.count)],
  ["tokens evaluated", ({ tokens }) => whole(tokens.evaluated)],
  ["tokens reused", ({ tokens }) => whole(tokens.reused)],
  ["tokens generated", ({ tokens }) => whole(tokens.generated)],
  ["prompt tokens a second", ({ speed }) => rate(speed.prefill)],
  ["generated tokens a second", ({ speed }) => rate(speed.decode)],
];

/** Only of remote engines: requests asked twice, and what the one that lost did in vain. */
const hedgedRow: Row = ["tokens spent in vain", ({ tokens }) => whole(tokens.hedged)];

/**
 * Statistics for people: a table, then why nothing was suggested, what failed,
 * and the remote engines in use.
 */
export function describeStats(stats: Stats): string {
  const shown = stats.total.tokens.hedged === 0 ? rows : [...rows, hedgedRow];
  const table = [
    ["", "last hour", "last day", `since ${stats.total.since.slice(0, 10)}`],
    ...shown.map(([title, tell]) => [title, ...columns.map((column) => tell(stats[column]))]),
  ];
  const lines = table.map(([title = "", ...cells]) =>
    [title.padEnd(26), ...cells.map((cell) => cell.padStart(18))].join("").trimEnd(),
  );
  return [
    ...lines,
    ...tally("Nothing was suggested, since counting began", stats.total.nothing),
    ...tally("Errors, since counting began", stats.total.errors),
    ...describeRemotes(stats.remotes),
    "",
    stats.note,
  ].join("\n");
}

function tally(title: string, counts: Readonly<Record<string, number>>): string[] {
  const descending = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (descending.length === 0) return [];
  return ["", `${title}:`, ...descending.map(([key, count]) => `  ${key}: ${whole(count)}`)];
}

function withShare(value: number, share: number | undefined): string {
  if (share === undefined || !Number.isFinite(share)) return whole(value);
  return `${whole(value)} (${Math.round(share * 100)} %)`;
}

function ofMany(value: number, many: number): string {
  return many === 0 ? "-" : `${whole(value)} of ${whole(many)}`;
}

function duration(ms: number, count: number): string {
  if (count === 0) return "-";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function rate(perSecond: number | undefined): string {
  return perSecond === undefined ? "-" : whole(perSecond);
}
