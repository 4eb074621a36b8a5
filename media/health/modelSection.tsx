import type { JSX } from "preact";
import type { Health } from "../../server/protocol/health.ts";
import type { Status } from "../../server/protocol/status.ts";
import { CopyButton } from "../parts/copyButton.tsx";
import {
  formatBytes,
  formatCount,
  formatSpeed,
  shortCount,
  unknownFigure,
} from "../parts/format.ts";
import { backendNames } from "./backendNames.ts";
import { FactList, type Fact } from "./factList.tsx";
import { Section } from "./section.tsx";

export interface ModelSectionProps {
  readonly health: Health | undefined;
  readonly status: Status | undefined;
}

type Model = NonNullable<Health["model"]>;

/** The model, what it runs on and how fast it is. */
export function ModelSection({ health, status }: ModelSectionProps): JSX.Element {
  const model: Partial<Model> | undefined = health?.model ?? status?.model;
  const backend = health?.backend ?? status?.backend;
  const { prefill, decode } = health?.speed ?? {};
  const facts: readonly Fact[] = [
    { name: "Name", value: model === undefined ? unknownFigure : nameOf(model) },
    { name: "File", value: fileOf(model) },
    { name: "Kind", value: kindOf(model) },
    { name: "Context", value: contextOf(model) },
    { name: "Fill in the middle", value: fimOf(health?.model) },
    { name: "Backend", value: backendOf(backend) },
    {
      name: "Speed",
      value:
        prefill === undefined && decode === undefined ? (
          <span class="muted">Not measured yet</span>
        ) : (
          `reads ${formatSpeed(prefill)}, writes ${formatSpeed(decode)}`
        ),
    },
  ];
  return (
    <Section title="Model">
      <FactList facts={facts} />
    </Section>
  );
}

function nameOf({ name, starter }: Partial<Model>): JSX.Element {
  return (
    <>
      {name} {starter === true ? <span class="tag">starter model</span> : null}
    </>
  );
}

function fileOf(model: Partial<Model> | undefined): JSX.Element {
  const { path, sizeBytes } = model ?? {};
  if (path === undefined) return <>{unknownFigure}</>;
  return (
    <span class="path">
      <span class="mono path-text" title={path}>
        {path.split(/[\\/]/).at(-1)}
      </span>
      {sizeBytes === undefined ? null : <span class="muted">{formatBytes(sizeBytes)}</span>}
      <CopyButton text={() => path} about="Copy the path of the model" />
    </span>
  );
}

function kindOf(model: Partial<Model> | undefined): string {
  if (model === undefined) return unknownFigure;
  const { architecture, family, parameters, quantization } = model;
  return [
    family ?? architecture,
    parameters === undefined ? undefined : `${shortCount(parameters)} parameters`,
    quantization,
  ]
    .filter((part) => part !== undefined && part !== "")
    .join(" · ");
}

function contextOf(model: Partial<Model> | undefined): string {
  if (model?.contextSize === undefined) return unknownFigure;
  const trained = model.trainContextSize;
  const used = `${formatCount(model.contextSize)} tokens`;
  return trained === undefined ? used : `${used} of ${formatCount(trained)} trained`;
}

function fimOf(model: Health["model"]): string {
  if (model === undefined) return unknownFigure;
  return model.family === undefined
    ? "No: it cannot suggest"
    : `Yes, ${model.fimOrder ?? "in the order it was trained on"}`;
}

function backendOf(backend: Health["backend"]): JSX.Element {
  if (backend === undefined) return <>{unknownFigure}</>;
  const { requested, used, fallbackReason } = backend;
  return (
    <>
      {requested === used
        ? backendNames[used]
        : `${backendNames[requested]} → ${backendNames[used]}`}
      {fallbackReason === undefined ? null : <p class="muted">{fallbackReason}</p>}
    </>
  );
}
