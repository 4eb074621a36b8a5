import uPlot from "uplot";
import type { ChartProps } from "./chart.tsx";
import { hasNothing } from "./stack.ts";
import { themeColor, themeFont } from "./theme.ts";

/** What uPlot needs to draw the chart in the theme of now; `current` gives the props of now. */
export function chartOptions(
  current: () => ChartProps,
  width: number,
  height: number,
  onCursor: (index: number | undefined) => void,
): uPlot.Options {
  const { kind, series, time = false } = current();
  const stroke = themeColor("descriptionForeground");
  const grid = { stroke: withAlpha(stroke, 0.18), width: 1 };
  const axis: uPlot.Axis = { stroke, font: themeFont(11), ticks: { show: false } };
  const drawn = kind === "stackedBars" ? [...series].reverse() : series;
  return {
    width: Math.max(width, 50),
    height,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      drag: { x: false, y: false, setScale: false },
      points: { show: kind === "lines" },
      y: false,
    },
    scales: {
      x: { time, range: (_, min, max) => rangeOf(current(), min, max) },
      y: { range: (_, __, max) => [0, niceTop(max)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        gap: 4,
        ...(time
          ? {
              values: (_, splits, __, ___, step) =>
                splits.map((split) => clockOf(split, step < 60)),
            }
          : { values: (_, splits) => splits.map((split) => current().formatX?.(split) ?? "") }),
        space: 90,
      },
      {
        ...axis,
        grid,
        size: 58,
        gap: 6,
        space: 32,
        values: (_, splits) => splits.map((split) => valueLabel(current(), split)),
      },
    ],
    series: [
      {},
      ...drawn.map(({ label, color }): uPlot.Series => {
        const line = themeColor(color);
        return kind === "lines"
          ? { label, stroke: line, width: 1.5, points: { show: true, size: 3 }, spanGaps: false }
          : {
              label,
              stroke: line,
              fill: line,
              width: 0,
              points: { show: false },
              ...(barsPath === undefined ? {} : { paths: barsPath }),
            };
      }),
    ],
    hooks: {
      setCursor: [({ cursor }) => onCursor(cursor.idx ?? undefined)],
    },
  };
}

const barsPath = uPlot.paths.bars?.({ size: [0.72, 14], gap: 1 });

function valueLabel({ series, whole = false, format }: ChartProps, value: number): string {
  const isOdd = whole && !Number.isInteger(value);
  return isOdd || hasNothing(series) ? "" : format(value);
}

function rangeOf({ range }: ChartProps, min: number | null, max: number | null): [number, number] {
  if (range !== undefined) return [range[0], range[1]];
  return [min ?? 0, max ?? 1];
}

/** The next figure of the form 1, 2, 2.5 or 5 with zeros: an axis that seldom changes its end. */
export function niceTop(max: number | null): number {
  if (max === null || max <= 0 || !Number.isFinite(max)) return 1;
  const wanted = max * 1.05;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= wanted) ?? 10;
  return step * power;
}

function clockOf(at: number, withSeconds: boolean): string {
  const date = new Date(at * 1000);
  return [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** A colour of the theme, fainter. */
function withAlpha(color: string, alpha: number): string {
  return `color-mix(in srgb, ${color} ${alpha * 100}%, transparent)`;
}
