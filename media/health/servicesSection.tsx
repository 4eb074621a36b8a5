import type { JSX } from "preact";
import type { ServiceHealth } from "../../server/protocol/health.ts";
import { ActionButtons } from "../parts/actionButtons.tsx";
import { useBridge } from "../parts/bridgeContext.ts";
import { DataTable, type Column } from "../parts/dataTable.tsx";
import { formatAgo, formatBytes, formatDuration, unknownFigure } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import type { HealthState } from "./healthState.ts";
import { Section } from "./section.tsx";
import { serviceTitles, servicesShown, stateTexts } from "./servicesShown.ts";

/** Each service with its state, what it is and what went wrong last. */
export function ServicesSection({ state }: { readonly state: HealthState }): JSX.Element {
  const nowMs = state.health === undefined ? 0 : new Date(state.health.time).getTime();
  const columns: readonly Column<ServiceHealth>[] = [
    { title: "Service", header: true, cell: ({ name }) => serviceTitles[name] },
    { title: "State", cell: stateCell },
    { title: "", wide: true, cell: messageCell },
    { title: "Version", cell: ({ version }) => version ?? unknownFigure },
    { title: "PID", numeric: true, cell: ({ pid }) => pid ?? unknownFigure },
    { title: "Up for", numeric: true, cell: ({ uptimeSeconds: up }) => formatDuration(up) },
    { title: "Memory", numeric: true, cell: ({ residentBytes }) => formatBytes(residentBytes) },
    { title: "Last error", cell: (service) => <LastError service={service} nowMs={nowMs} /> },
  ];
  return (
    <Section title="Services" class="services">
      <DataTable
        caption="Services"
        columns={columns}
        rows={servicesShown(state)}
        keyOf={({ name }) => name}
      />
    </Section>
  );
}

function stateCell({ state }: ServiceHealth): JSX.Element {
  const { icon, text } = stateTexts[state];
  return (
    <span class="state">
      <Icon name={icon} /> {text}
    </span>
  );
}

function messageCell({ name, message, actions }: ServiceHealth): JSX.Element {
  return (
    <>
      <span class="muted">{message}</span>{" "}
      <ActionButtons actions={actions} about={`What helps: ${serviceTitles[name]}`} />
    </>
  );
}

function LastError({
  service: { name, lastError },
  nowMs,
}: {
  readonly service: ServiceHealth;
  readonly nowMs: number;
}): JSX.Element {
  const bridge = useBridge();
  if (lastError === undefined) return <span class="muted">None</span>;
  const { code, message, time } = lastError;
  return (
    <span class="last-error" title={message}>
      <button
        type="button"
        class="link mono"
        aria-label={`Show the errors of ${serviceTitles[name]} in the log: ${message}`}
        onClick={() => {
          const filter = { services: [name], level: "error" };
          bridge.request("showLogs", { filter }).catch(() => undefined);
        }}
      >
        {code ?? message}
      </button>{" "}
      <span class="muted">{formatAgo(time, nowMs)}</span>
    </span>
  );
}
