import type { JSX } from "preact";
import type { Health } from "../../server/protocol/health.ts";
import { DataTable, type Column } from "../parts/dataTable.tsx";
import { formatAgo, formatBytes } from "../parts/format.ts";
import { Section } from "./section.tsx";

export interface ServersSectionProps {
  readonly servers: Health["servers"] | undefined;
  readonly now: string | undefined;
}

type Server = Health["servers"][number];

/** The language servers of all windows; they share one model host. */
export function ServersSection({ servers = [], now }: ServersSectionProps): JSX.Element {
  const nowMs = now === undefined ? 0 : new Date(now).getTime();
  const columns: readonly Column<Server>[] = [
    {
      title: "Window",
      header: true,
      wide: true,
      cell: ({ self }) => (self ? "This window" : "Another window"),
    },
    { title: "PID", numeric: true, cell: ({ pid }) => pid },
    { title: "Version", cell: ({ version }) => version },
    {
      title: "Started",
      cell: ({ startedAt }) => <span class="one-line">{formatAgo(startedAt, nowMs)}</span>,
    },
    { title: "Memory", numeric: true, cell: ({ residentBytes }) => formatBytes(residentBytes) },
  ];
  return (
    <Section title="Language servers" note="All windows share one model.">
      <DataTable
        caption="Language servers of all windows"
        columns={columns}
        rows={[...servers].sort((a, b) => Number(b.self) - Number(a.self) || a.pid - b.pid)}
        keyOf={({ pid }) => String(pid)}
        empty="Not known yet."
      />
    </Section>
  );
}
