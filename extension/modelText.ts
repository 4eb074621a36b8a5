import { formatCount } from "../server/protocol/figures.ts";
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
    // Not every remote engine tells.
    model.parameters > 0 ? `${formatCount(model.parameters)} parameters` : "",
    model.quantization,
    `${formatCount(model.contextSize)} tokens of context`,
    ...(backend === undefined ? [] : [describeBackend(backend)]),
  ];
  return `Model: ${model.name} (${traits.filter((trait) => trait !== "").join(", ")})`;
}

function describeBackend(backend: Backend): string {
  if (backend.used === "remote") return "on remote engines";
  const used = backend.used === "cpu" ? "on the CPU" : `on the GPU by ${backend.used}`;
  if (backend.requested === "remote") return `${used}, in place of remote engines`;
  if (backend.fallbackReason === undefined) return used;
  const why = backend.used === "cpu" ? "GPU not used" : "not as asked for";
  return `${used}; ${why}: ${backend.fallbackReason}`;
}

/** Text from files and errors, made inert in Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~$-]/g, "\\$&");
}
