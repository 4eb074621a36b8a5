import type { JSX } from "preact";
import type { Stats } from "../../server/protocol/stats.ts";
import { DataTable, type Column } from "../parts/dataTable.tsx";
import { Section } from "./section.tsx";
import {
  errorRows,
  statisticsRows,
  statisticsSpans,
  type StatisticsRow,
} from "./statisticsRows.ts";

/** What was suggested and taken, over spans of time. */
export function Statistics({ stats }: { readonly stats: Stats | undefined }): JSX.Element {
  return (
    <Section title="Statistics" note="Counted on this machine. They never leave it.">
      {stats === undefined ? <p class="muted">Not read yet.</p> : <Table stats={stats} />}
    </Section>
  );
}

function Table({ stats }: { readonly stats: Stats }): JSX.Element {
  const spans = statisticsSpans(stats);
  const windows = spans.map(({ span }) => span);
  const columns: readonly Column<StatisticsRow>[] = [
    { title: "Figure", header: true, wide: true, cell: figureCell },
    ...spans.map(({ title }, index): Column<StatisticsRow> => ({
      title,
      numeric: true,
      cell: ({ cells }) => cells[index],
    })),
  ];
  return (
    <DataTable
      caption="Statistics"
      columns={columns}
      rows={[...statisticsRows(windows), ...errorRows(windows)]}
      keyOf={({ title }) => title}
      rowClass={({ code }) => (code === true ? "sub-row" : undefined)}
    />
  );
}

function figureCell({ title, hint, code }: StatisticsRow): JSX.Element {
  return (
    <>
      {code === true ? <code>{title}</code> : title}
      {hint === undefined ? null : <span class="muted hint"> {hint}</span>}
    </>
  );
}
