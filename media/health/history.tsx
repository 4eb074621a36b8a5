import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { StatsStep } from "../../server/protocol/stats.ts";
import { Chart, type ChartProps } from "../parts/chart.tsx";
import { ErrorBanner, type Failure } from "../parts/errorBanner.tsx";
import { formatCount, formatMs } from "../parts/format.ts";
import { historyColumns } from "./historyColumns.ts";
import { Section } from "./section.tsx";

const none: readonly StatsStep[] = [];
const empty = "Nothing was asked in the last 24 hours.";

export interface HistoryProps {
  readonly steps: readonly StatsStep[] | undefined;
  readonly failure: Failure | undefined;
}

/** The last day in steps of five minutes. */
export function History({ steps = none, failure }: HistoryProps): JSX.Element {
  const charts = useMemo(() => chartsOf(steps), [steps]);
  return (
    <Section title="Last 24 hours" note="in steps of five minutes">
      {failure === undefined ? null : <ErrorBanner tone="warning" {...failure} />}
      <div class="columns charts thirds">
        {charts.map((chart) => (
          <Chart key={chart.title} {...chart} height={120} />
        ))}
      </div>
    </Section>
  );
}

function chartsOf(all: readonly StatsStep[]): readonly ChartProps[] {
  const { x, steps, range } = historyColumns(all, Date.now() / 1000);
  const total = (read: (step: StatsStep) => number) =>
    formatCount(steps.reduce((sum, step) => sum + read(step), 0));
  const common = { x, range, time: true, empty };
  const asked = steps.filter(({ p50Ms }) => p50Ms !== undefined);
  return [
    {
      ...common,
      title: "Time to answer",
      kind: "lines",
      series: [
        { label: "Median", color: "charts-blue", values: steps.map(({ p50Ms }) => p50Ms) },
        { label: "95%", color: "charts-yellow", values: steps.map(({ p95Ms }) => p95Ms) },
      ],
      format: formatMs,
      summary: asked.length === 0 ? empty : `The last median is ${formatMs(asked.at(-1)?.p50Ms)}.`,
    },
    {
      ...common,
      title: "Suggestions",
      kind: "bars",
      series: [
        { label: "Shown", color: "charts-blue", values: steps.map(({ shown }) => shown) },
        { label: "Accepted", color: "charts-green", values: steps.map(({ accepted }) => accepted) },
        { label: "Errors", color: "charts-red", values: steps.map(({ errors }) => errors) },
      ],
      format: formatCount,
      whole: true,
      summary: `${total((step) => step.shown)} shown, ${total((step) => step.accepted)} accepted, ${total((step) => step.errors)} errors.`,
    },
    {
      ...common,
      title: "Tokens",
      kind: "stackedBars",
      series: [
        {
          label: "Evaluated",
          color: "charts-blue",
          values: steps.map(({ evaluatedTokens }) => evaluatedTokens),
        },
        {
          label: "Generated",
          color: "charts-green",
          values: steps.map(({ generatedTokens }) => generatedTokens),
        },
      ],
      format: formatCount,
      whole: true,
      summary: `${total((step) => step.evaluatedTokens)} evaluated, ${total((step) => step.generatedTokens)} generated.`,
    },
  ];
}
