import type { Status } from "../server/protocol/editor.ts";

type Model = NonNullable<Status["model"]>;
type Backend = NonNullable<Status["backend"]>;

/** Said wherever the model is named, as long as it is the bundled one. */
export const starterNotice =
  "This is the small model that comes with the extension: a starter, to try things out. A larger StarCoder makes far better suggestions.";

/** The name, and that it is the bundled starter if it is. */
export function nameModel(model: Model): string {
  return model.starter ? `${model.name}, the bundled starter` : model.name;
}

/** Name, size and place of the model in one line. */
export function describeModel(model: Model, backend: Backend | undefined): string {
  const traits = [
    `${formatCount(model.parameters)} parameters`,
    model.quantization,
    `${formatCount(model.contextSize)} tokens of context`,
    ...(backend === undefined ? [] : [describeBackend(backend)]),
  ];
  return `Model: ${model.name} (${traits.filter((trait) => trait !== "").join(", ")})`;
}

function describeBackend(backend: Backend): string {
  const used = backend.used === "cpu" ? "on the CPU" : `on the GPU by ${backend.used}`;
  return backend.fallbackReason === undefined ? used : `${used}: ${backend.fallbackReason}`;
}

/** 7612345 → `7.6M`. */
export function formatCount(count: number): string {
  for (const [unit, size] of [
    ["B", 1e9],
    ["M", 1e6],
    ["K", 1e3],
  ] as const) {
    if (count >= size) {
      const value = count / size;
      return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)}${unit}`;
    }
  }
  return String(count);
}

/** Text from files and errors, made inert in Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~$-]/g, "\\$&");
}
