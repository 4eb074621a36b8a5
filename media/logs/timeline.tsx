import type { JSX } from "preact";
import type { LogAnalysis } from "../../server/protocol/logs.ts";
import { Chart } from "../parts/chart.tsx";
import { formatCount, formatMs, shortCount } from "../parts/format.ts";

export interface TimelineProps {
  readonly timeline: LogAnalysis["timeline"];
}

/** Records by level over time, and the median of their durations. */
export function Timeline({ timeline: { steps, stepMs } }: TimelineProps): JSX.Element | null {
  if (steps.length === 0) return null;
  const x = steps.map(({ time }) => Date.parse(time) / 1000);
  const first = x[0] ?? 0;
  const last = x.at(-1) ?? first;
  const half = stepMs / 2000;
  const range: [number, number] = [first - half, last + half];
  const count = (level: "error" | "warn" | "info" | "debug"): number =>
    steps.reduce((sum, step) => sum + step[level], 0);
  const medians = steps.map(({ medianMs }) => medianMs);
  const known = medians.filter((median) => median !== undefined);
  return (
    <div class="charts">
      <Chart
        title="Records over time"
        kind="stackedBars"
        time
        x={x}
        range={range}
        format={shortCount}
        empty="No records."
        summary={`${formatCount(count("error"))} errors, ${formatCount(count("warn"))} warnings, ${formatCount(count("info"))} at info, ${formatCount(count("debug"))} at debug.`}
        series={[
          { label: "error", color: "charts-red", values: steps.map(({ error }) => error) },
          { label: "warn", color: "charts-yellow", values: steps.map(({ warn }) => warn) },
          { label: "info", color: "charts-blue", values: steps.map(({ info }) => info) },
          {
            label: "debug",
            color: "descriptionForeground",
            values: steps.map(({ debug }) => debug),
          },
        ]}
      />
      <Chart
        title="Median duration"
        kind="lines"
        time
        x={x}
        range={range}
        format={formatMs}
        empty="No record has a duration."
        summary={
          known.length === 0
            ? "No record has a duration."
            : `Between ${formatMs(Math.min(...known))} and ${formatMs(Math.max(...known))}.`
        }
        series={[{ label: "median", color: "charts-purple", values: medians }]}
      />
    </div>
  );
}
