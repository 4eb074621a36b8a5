import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { chartOptions } from "./chartOptions.ts";
import { onThemeChange, type ThemeColor } from "./theme.ts";
import { hasNothing, stack, type Values } from "./stack.ts";
import { unknownFigure } from "./format.ts";

export interface ChartSeries {
  readonly label: string;
  readonly color: ThemeColor;
  readonly values: Values;
}

export interface ChartProps {
  readonly title: string;
  /** Places on the x axis, ascending: seconds since the epoch with `time`, else anything. */
  readonly x: readonly number[];
  /** Keep number and kind of the series the same while the chart stands. */
  readonly series: readonly ChartSeries[];
  readonly kind: "bars" | "stackedBars" | "lines";
  /** Whether x is a time. Otherwise `formatX` says what stands below a place. */
  readonly time?: boolean;
  readonly formatX?: (x: number) => string;
  readonly format: (value: number) => string;
  /** The values are counts: the axis names whole ones only. */
  readonly whole?: boolean;
  /** Fixed ends of the x axis, so that nothing moves while values come in. */
  readonly range?: readonly [number, number];
  /** Said instead of the chart while there is nothing to draw. */
  readonly empty: string;
  /** In words, for those who do not see it. */
  readonly summary: string;
  readonly height?: number;
}

/** A chart in the colours of the theme; it redraws when theme or width change. */
export function Chart(props: ChartProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [themes, setThemes] = useState(0);
  const [cursor, setCursor] = useState<number | undefined>(undefined);
  const { title, x, series, kind, height = 150 } = props;
  const isEmpty = hasNothing(series);

  useEffect(() => onThemeChange(() => setThemes((count) => count + 1)), []);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const created = new uPlot(
      chartOptions(() => latest.current, element.clientWidth, height, setCursor),
      dataOf(latest.current),
      element,
    );
    plot.current = created;
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && width !== created.width) created.setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      created.destroy();
      plot.current = undefined;
    };
  }, [themes, kind, series.length, height]);

  useLayoutEffect(() => {
    plot.current?.setData(dataOf(props));
  }, [x, series]);

  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">{title}</span>
        <span class="legend">
          {series.map(({ label, color, values }) => (
            <span key={label} class="legend-entry">
              <span class="swatch" style={{ background: `var(--vscode-${color})` }} />
              {label}
              {cursor === undefined ? null : (
                <span class="legend-value">{valueAt(values, cursor, props.format)}</span>
              )}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="chart-frame" style={{ height: `${height}px` }}>
        <div ref={frame} class="chart-plot" role="img" aria-label={`${title}. ${props.summary}`} />
        {isEmpty ? <p class="chart-empty muted">{props.empty}</p> : null}
      </div>
    </figure>
  );
}

function valueAt(values: Values, index: number, format: (value: number) => string): string {
  const value = values[index];
  return value === undefined ? unknownFigure : format(value);
}

/** Of stacked series the highest comes first, so that the lower ones are drawn over it. */
function dataOf({ x, series, kind }: ChartProps): uPlot.AlignedData {
  const values = series.map((each) => each.values);
  const columns =
    kind === "stackedBars"
      ? stack(values).reverse()
      : values.map((column) => column.map((value) => value ?? null));
  return [[...x], ...columns];
}
