import type { Stats, StatsWindow } from "../../server/protocol/stats.ts";
import {
  formatCount,
  formatMs,
  formatPercent,
  formatSpeed,
  shortCount,
  unknownFigure,
} from "../parts/format.ts";

/** A row of the statistics: one figure for each span of time. */
export interface StatisticsRow {
  readonly title: string;
  /** Explains the figure where its name does not. */
  readonly hint?: string;
  /** Its name is an error code; it is a part of the row above. */
  readonly code?: boolean;
  readonly cells: readonly string[];
}

/** The spans that there are figures for; a command line has no session. */
export function statisticsSpans(
  stats: Stats,
): readonly { readonly title: string; readonly span: StatsWindow }[] {
  return [
    ...(stats.session === undefined ? [] : [{ title: "This session", span: stats.session }]),
    { title: "Last hour", span: stats.hour },
    { title: "Last day", span: stats.day },
    { title: "In all", span: stats.total },
  ];
}

export function statisticsRows(spans: readonly StatsWindow[]): readonly StatisticsRow[] {
  const row = (
    title: string,
    read: (span: StatsWindow) => string,
    hint?: string,
  ): StatisticsRow => ({ title, cells: spans.map(read), ...(hint === undefined ? {} : { hint }) });
  return [
    row("Requests", ({ requests }) => formatCount(requests)),
    row("Shown", ({ shown, requests }) => withShare(shown, requests), "Of the requests"),
    row(
      "Accepted",
      ({ acceptedWhole, acceptedPart, shown }) => withShare(acceptedWhole + acceptedPart, shown),
      "Wholly or in part, of those shown; inferred from the edits that followed",
    ),
    row(
      "Kept after 30 s",
      ({ kept30s, judged30s }) => ratio(kept30s, judged30s),
      "Of those that could be looked at again",
    ),
    row("Kept after 5 min", ({ kept5min, judged5min }) => ratio(kept5min, judged5min)),
    row("Characters saved", ({ charactersSaved }) => formatCount(charactersSaved)),
    row(
      "From the cache",
      ({ fromCache, cacheHitRate }) =>
        cacheHitRate === undefined
          ? unknownFigure
          : `${formatCount(fromCache)} (${formatPercent(cacheHitRate)})`,
      "Shown without asking the model",
    ),
    row(
      "Time to answer",
      ({ latency: { total } }) =>
        total.count === 0 ? unknownFigure : `${formatMs(total.p50)} / ${formatMs(total.p95)}`,
      "Median / 95th percentile",
    ),
    row(
      "Tokens",
      ({ tokens }) =>
        `${shortCount(tokens.evaluated)} / ${shortCount(tokens.reused)} / ${shortCount(tokens.generated)}`,
      "Evaluated / reused / generated",
    ),
    ...(spans.some(({ tokens }) => tokens.hedged > 0)
      ? [
          row(
            "Tokens in vain",
            ({ tokens }) => shortCount(tokens.hedged),
            "Late requests are asked of two remote engines: what the one did that lost",
          ),
        ]
      : []),
    row(
      "Speed",
      ({ speed }) =>
        speed.prefill === undefined && speed.decode === undefined
          ? unknownFigure
          : `${shortCount(speed.prefill)} / ${formatSpeed(speed.decode)}`,
      "Reading / writing",
    ),
    row("Reviews", ({ reviews }) => formatCount(reviews)),
    row("Errors", ({ errors }) => formatCount(sum(Object.values(errors)))),
  ];
}

/** Errors of the spans by code, most frequent in the longest span first. */
export function errorRows(spans: readonly StatsWindow[]): readonly StatisticsRow[] {
  const codes = [...new Set(spans.flatMap(({ errors }) => Object.keys(errors)))];
  const last = spans.at(-1);
  codes.sort((a, b) => (last?.errors[b] ?? 0) - (last?.errors[a] ?? 0) || (a < b ? -1 : 1));
  return codes.map((code) => ({
    title: code,
    code: true,
    cells: spans.map(({ errors }) => formatCount(errors[code] ?? 0)),
  }));
}

function withShare(count: number, whole: number): string {
  return whole === 0
    ? formatCount(count)
    : `${formatCount(count)} (${formatPercent(count / whole)})`;
}

function ratio(count: number, whole: number): string {
  return whole === 0
    ? unknownFigure
    : `${formatCount(count)} of ${formatCount(whole)} (${formatPercent(count / whole)})`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
