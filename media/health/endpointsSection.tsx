import type { JSX } from "preact";
import type { EndpointStatus } from "../../server/protocol/endpoints.ts";
import { errorTable } from "../../server/protocol/errors.ts";
import { ActionButtons } from "../parts/actionButtons.tsx";
import { DataTable, type Column } from "../parts/dataTable.tsx";
import { formatDuration, shortCount, unknownFigure } from "../parts/format.ts";
import { Icon } from "../parts/icon.tsx";
import { Section } from "./section.tsx";
import { stateTexts } from "./servicesShown.ts";

const columns: readonly Column<EndpointStatus>[] = [
  { title: "Engine", header: true, cell: nameCell },
  { title: "State", cell: stateCell },
  { title: "", wide: true, cell: messageCell },
  { title: "Model", cell: modelCell },
  { title: "At work", numeric: true, cell: ({ inFlight }) => inFlight },
  {
    title: "First token, p50 / p95",
    numeric: true,
    cell: ({ firstTokenMs: ms }) =>
      ms === undefined ? unknownFigure : `${Math.round(ms.p50)} / ${Math.round(ms.p95)} ms`,
  },
  { title: "Requests", numeric: true, cell: ({ requests }) => requests },
  { title: "Tokens", numeric: true, cell: tokensCell },
  { title: "Failures", numeric: true, cell: ({ failures }) => failures },
];

/** Remote engines, one by one; nothing where there are none. */
export function EndpointsSection({
  endpoints = [],
}: {
  readonly endpoints: readonly EndpointStatus[] | undefined;
}): JSX.Element | null {
  if (endpoints.length === 0) return null;
  const up = endpoints.filter(({ state }) => state === "up").length;
  return (
    <Section title="Remote engines" note={`${up} of ${endpoints.length} up`}>
      <DataTable
        caption="Remote engines"
        columns={columns}
        rows={endpoints}
        keyOf={({ name, url }) => `${name} ${url}`}
      />
    </Section>
  );
}

function nameCell({ name, url }: EndpointStatus): JSX.Element {
  return <span title={url}>{name}</span>;
}

function modelCell({ model, kind }: EndpointStatus): JSX.Element {
  return (
    <>
      {model ?? unknownFigure} <span class="muted">{kind}</span>
    </>
  );
}

function tokensCell({ tokens }: EndpointStatus): JSX.Element {
  const { evaluated, reused, generated, hedged } = tokens;
  const vain = hedged === 0 ? "" : `, ${shortCount(hedged)} of them in vain`;
  const title = `${shortCount(evaluated)} evaluated, ${shortCount(generated)} generated${vain}; ${shortCount(reused)} reused`;
  return <span title={title}>{shortCount(evaluated + generated)}</span>;
}

const states = {
  probing: "starting",
  up: "ok",
  ejected: "error",
  failed: "error",
} as const;

const texts = { probing: "Asked", up: "Up", ejected: "Left out", failed: "Not usable" } as const;

function stateCell({ state }: EndpointStatus): JSX.Element {
  return (
    <span class="state">
      <Icon name={stateTexts[states[state]].icon} /> {texts[state]}
    </span>
  );
}

function messageCell({ name, error, retryInMs, limits }: EndpointStatus): JSX.Element {
  if (error === undefined) return <span class="muted">{limits.join(" ")}</span>;
  const again =
    retryInMs === undefined
      ? ""
      : ` Tried again in ${formatDuration(Math.ceil(retryInMs / 1000))}.`;
  return (
    <>
      <span class="muted">
        {error.message} {error.remedy}
        {again}
      </span>{" "}
      <ActionButtons actions={errorTable[error.code].actions} about={`What helps: ${name}`} />
    </>
  );
}
