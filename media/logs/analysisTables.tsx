import type { ComponentChildren, JSX } from "preact";
import {
  logServices,
  type LogAnalysis,
  type LogLevel,
  type LogService,
} from "../../server/protocol/logs.ts";
import { ActionButtons } from "../parts/actionButtons.tsx";
import { DataTable } from "../parts/dataTable.tsx";
import { actionsOf } from "../parts/errorBanner.tsx";
import { formatBytes, formatCount, formatDateTime, formatMs } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { LevelMark } from "./levelMark.tsx";
import { filterOfError } from "./errorFilter.ts";
import { everything, type ViewFilter } from "./logFilters.ts";
import { fileName } from "./recordText.ts";
import { RequestTable } from "./requestTable.tsx";

export interface AnalysisTablesProps {
  readonly analysis: LogAnalysis;
  readonly filter: ViewFilter;
  readonly onShow: (filter: ViewFilter) => void;
}

type LogError = LogAnalysis["errors"][number];

/** The tables of the analysis; what stands in them leads to its records. */
export function AnalysisTables({ analysis, filter, onShow }: AnalysisTablesProps): JSX.Element {
  const { errors, patterns, latency, restarts, files } = analysis;
  const latencies = Object.entries(latency).map(([service, figures]) => ({ service, ...figures }));
  return (
    <>
      <div class="pair">
        <Part title="Levels">
          <DataTable
            caption="Records by level"
            columns={[
              {
                title: "Level",
                header: true,
                cell: ({ name }) => (
                  <Go onClick={() => onShow({ ...filter, level: name })}>
                    <LevelMark level={name} />
                  </Go>
                ),
              },
              { title: "Records", numeric: true, cell: ({ count }) => formatCount(count) },
              { title: "Share", wide: true, cell: ({ share }) => <Bar share={share} /> },
            ]}
            rows={countsOf(analysis.levels, ["error", "warn", "info", "debug"])}
            keyOf={({ name }) => name}
            empty="None."
          />
        </Part>
        <Part title="Services">
          <DataTable
            caption="Records by service"
            columns={[
              {
                title: "Service",
                header: true,
                cell: ({ name }) => (
                  <Go onClick={() => onShow({ ...filter, services: [name] })}>{name}</Go>
                ),
              },
              { title: "Records", numeric: true, cell: ({ count }) => formatCount(count) },
              { title: "Share", wide: true, cell: ({ share }) => <Bar share={share} /> },
            ]}
            rows={countsOf(analysis.services, logServices)}
            keyOf={({ name }) => name}
            empty="None."
          />
        </Part>
      </div>
      <Part title="Errors, by frequency">
        <DataTable
          caption="Errors by frequency"
          columns={[
            { title: "Count", numeric: true, cell: ({ count }) => formatCount(count) },
            {
              title: "Error",
              wide: true,
              header: true,
              cell: (error) => <ErrorCell error={error} filter={filter} onShow={onShow} />,
            },
            { title: "Last", cell: ({ lastTime }) => <Time iso={lastTime} /> },
          ]}
          rows={errors}
          keyOf={({ code, message }) => `${code ?? ""} ${message}`}
          empty="No errors."
        />
      </Part>
      {patterns.length === 0 ? null : (
        <Part title="Known patterns">
          <DataTable
            caption="What failures have in common"
            columns={[
              { title: "Pattern", header: true, cell: ({ name }) => name },
              { title: "Count", numeric: true, cell: ({ count }) => formatCount(count) },
              {
                title: "What to do",
                wide: true,
                cell: ({ remedy, example }) => (
                  <>
                    <p>{remedy}</p>
                    <p class="muted">{example}</p>
                  </>
                ),
              },
              { title: "Last", cell: ({ lastTime }) => <Time iso={lastTime} /> },
            ]}
            rows={patterns}
            keyOf={({ name }) => name}
          />
        </Part>
      )}
      <Part title="Latency">
        <DataTable
          caption="Durations by service"
          columns={[
            { title: "Service", header: true, cell: ({ service }) => service },
            { title: "Records", numeric: true, cell: ({ count }) => formatCount(count) },
            { title: "p50", numeric: true, cell: ({ p50 }) => formatMs(p50) },
            { title: "p90", numeric: true, cell: ({ p90 }) => formatMs(p90) },
            { title: "p95", numeric: true, cell: ({ p95 }) => formatMs(p95) },
            { title: "p99", numeric: true, cell: ({ p99 }) => formatMs(p99) },
            { title: "Longest", numeric: true, cell: ({ max }) => formatMs(max) },
          ]}
          rows={latencies}
          keyOf={({ service }) => service}
          empty="No record has a duration."
        />
      </Part>
      <div class="pair">
        <Part title="Slow requests">
          <RequestTable caption="Slow requests" rows={analysis.slowest} onShow={onShow} />
        </Part>
        <Part title="Most tokens">
          <RequestTable caption="Token-heavy requests" rows={analysis.mostTokens} onShow={onShow} />
        </Part>
      </div>
      <Part title="Starts and restarts">
        <DataTable
          caption="Starts and restarts"
          columns={[
            { title: "Time", cell: ({ time }) => <Time iso={time} /> },
            { title: "Service", header: true, cell: ({ service }) => service },
            { title: "What happened", wide: true, cell: ({ message }) => message },
          ]}
          rows={restarts}
          keyOf={({ time, service, message }) => `${time} ${service} ${message}`}
          empty="None."
        />
      </Part>
      <Part title="Files">
        <DataTable
          caption="Log files"
          columns={[
            {
              title: "File",
              header: true,
              wide: true,
              cell: ({ path, error }) => (
                <>
                  <span title={path}>{fileName(path)}</span>
                  {error === undefined ? null : (
                    <p>
                      <Icon name="warning" label="Not readable" /> {error}
                    </p>
                  )}
                </>
              ),
            },
            { title: "Size", numeric: true, cell: ({ sizeBytes }) => formatBytes(sizeBytes) },
            {
              title: "Broken lines",
              numeric: true,
              cell: ({ brokenLines }) => formatCount(brokenLines ?? 0),
            },
          ]}
          rows={files}
          keyOf={({ path }) => path}
          empty="There are no log files yet."
        />
      </Part>
    </>
  );
}

function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="part" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Go(props: { onClick: () => void; children: ComponentChildren }): JSX.Element {
  return (
    <button type="button" class="link" title="Show these records" onClick={props.onClick}>
      {props.children}
    </button>
  );
}

function Bar({ share }: { share: number }): JSX.Element {
  return (
    <span class="bar" aria-hidden="true">
      <span class="bar-fill" style={{ width: `${Math.max(share * 100, 0.5)}%` }} />
    </span>
  );
}

function Time({ iso }: { iso: string }): JSX.Element {
  return (
    <time class="nowrap" dateTime={iso} title={iso}>
      {formatDateTime(iso)}
    </time>
  );
}

interface ErrorCellProps {
  readonly error: LogError;
  readonly filter: ViewFilter;
  readonly onShow: (filter: ViewFilter) => void;
}

function ErrorCell({ error, filter, onShow }: ErrorCellProps): JSX.Element {
  const { code, message, remedy, requestId, services } = error;
  return (
    <>
      <p>
        <Go onClick={() => onShow(filterOfError(error, filter))}>{message}</Go>{" "}
        {code === undefined ? null : <code class="code">{code}</code>}
      </p>
      {remedy === undefined ? null : <p class="muted">{remedy}</p>}
      <span class="error-buttons">
        <ActionButtons
          actions={actionsOf(code).filter((action) => action !== "showLog")}
          about={`What helps: ${message}`}
        />
        {requestId === undefined ? null : (
          <button type="button" class="link" onClick={() => onShow({ ...everything, requestId })}>
            A request with it
          </button>
        )}
        <span class="muted">{services.join(", ")}</span>
      </span>
    </>
  );
}

interface NamedCount<Name extends string> {
  readonly name: Name;
  readonly count: number;
  /** Of the largest, 0 to 1. */
  readonly share: number;
}

function countsOf<Name extends Exclude<LogLevel, "off"> | LogService>(
  counts: Readonly<Record<string, number>>,
  names: readonly Name[],
): NamedCount<Name>[] {
  const most = Math.max(1, ...Object.values(counts));
  return names
    .map((name) => ({ name, count: counts[name] ?? 0, share: (counts[name] ?? 0) / most }))
    .filter(({ count }) => count > 0);
}
