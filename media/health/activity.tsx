import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { RecentRequest } from "../../server/protocol/health.ts";
import { Chart, type ChartSeries } from "../parts/chart.tsx";
import { formatClock, formatCount, formatMs } from "../parts/format.ts";
import { recentColumns, recentPlaces } from "./recentColumns.ts";
import { Section } from "./section.tsx";

const none: readonly RecentRequest[] = [];
const range = [-0.7, recentPlaces - 0.3] as const;
const empty = "Requests appear here as you type.";

/** Time and tokens of the last requests, one bar each, the newest at the right. */
export function Activity({
  recent = none,
}: {
  readonly recent: readonly RecentRequest[] | undefined;
}): JSX.Element {
  // Health comes every two seconds; the charts are drawn again only when a request came, too.
  const newest = recent.at(-1)?.requestId;
  const columns = useMemo(() => recentColumns(recent), [newest, recent.length]);
  const { x, requests, medianMs } = columns;
  const times = useMemo<readonly ChartSeries[]>(
    () => [
      { label: "Waiting", color: "charts-yellow", values: columns.queue },
      { label: "Reading", color: "charts-blue", values: columns.prefill },
      { label: "Writing", color: "charts-green", values: columns.decode },
      { label: "Rest", color: "charts-lines", values: columns.rest },
    ],
    [columns],
  );
  const tokens = useMemo<readonly ChartSeries[]>(
    () => [
      { label: "Evaluated", color: "charts-blue", values: columns.evaluated },
      { label: "Generated", color: "charts-green", values: columns.generated },
    ],
    [columns],
  );
  const formatX = (place: number): string => {
    const request = requests[Math.round(place) - (recentPlaces - requests.length)];
    return request === undefined ? "" : formatClock(request.time);
  };
  const last = requests.at(-1);
  const summary =
    last === undefined
      ? empty
      : `${requests.length} requests, half of them answered within ${formatMs(medianMs)}; the last took ${formatMs(last.totalMs)}.`;
  return (
    <Section
      title="Last requests"
      note={medianMs === undefined ? "" : `half within ${formatMs(medianMs)}`}
    >
      <div class="columns charts">
        <Chart
          title="Time"
          kind="stackedBars"
          {...{ x, range, formatX, empty, summary }}
          series={times}
          format={formatMs}
        />
        <Chart
          title="Tokens"
          kind="stackedBars"
          {...{ x, range, formatX, empty }}
          series={tokens}
          format={formatCount}
          whole
          summary={
            last === undefined
              ? empty
              : `The last request evaluated ${formatCount(last.evaluatedTokens ?? 0)} and generated ${formatCount(last.generatedTokens ?? 0)} tokens.`
          }
        />
      </div>
    </Section>
  );
}
