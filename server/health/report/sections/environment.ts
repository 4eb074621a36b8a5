import { readFileSync } from "node:fs";
import { arch, cpus, freemem, release, totalmem, type, version } from "node:os";
import { basename, join } from "node:path";
import type { EngineState } from "../../../engine/engine.ts";
import type { EditorFacts } from "../../../protocol/editorFacts.ts";
import { table } from "../markdown.ts";
import { formatBytes } from "../../../protocol/figures.ts";

export interface EnvironmentParts {
  readonly version: string;
  readonly productRoot: string;
  readonly facts?: EditorFacts;
  readonly engine: EngineState;
  /** Absolute; only its name is told. */
  readonly modelPath: string;
}

/** Versions, the machine, what runs the model. */
export function environmentSection(parts: EnvironmentParts): string {
  const { facts, engine } = parts;
  const [cpu] = cpus();
  return table(
    ["", ""],
    [
      ["StarCoder Local", parts.version],
      ...editorRows(facts),
      ["system", `${type()} ${release()} (${version()}), ${process.platform} ${arch()}`],
      ["CPU", `${cpu?.model.trim() ?? "unknown"}, ${cpus().length} threads`],
      ["memory", `${formatBytes(totalmem())}, ${formatBytes(freemem())} free`],
      ["Node.js", nodeVersion()],
      ["node-llama-cpp", bindingVersion(parts.productRoot)],
      ["model file", basename(parts.modelPath)],
      ...engineRows(engine),
    ],
  );
}

function editorRows(facts: EditorFacts | undefined): [string, string][] {
  if (facts === undefined) return [["editor", "none: made from the command line"]];
  const { editor, server } = facts;
  const versionOf = server.version === undefined ? "" : `, version ${server.version}`;
  const others = facts.completionExtensions.map(({ id, active }) =>
    active ? id : `${id} (not active)`,
  );
  return [
    ["extension", facts.extensionVersion],
    ["editor", `${editor.name} ${editor.version}, ${facts.side}`],
    ["workspace trusted", facts.trusted ? "yes" : "no"],
    ["inline suggestions of the editor", facts.inlineSuggestEnabled ? "on" : "off"],
    ["other completion extensions", others.length === 0 ? "none" : others.join(", ")],
    ["language server", `${server.state}${versionOf}`],
  ];
}

function engineRows(engine: EngineState): [string, string][] {
  if (engine.kind !== "ready") {
    const why = "error" in engine ? `: ${engine.error.code}: ${engine.error.message}` : "";
    return [["model host", `${engine.kind}${why}`]];
  }
  const { model, backend } = engine;
  const { requested, used, fallbackReason } = backend;
  const why = fallbackReason === undefined ? "" : ` (${fallbackReason})`;
  return [
    ["model", `${model.name || model.architecture}, ${model.quantization}`],
    [
      "model size",
      `${Math.round(model.parameters / 1e6)} M parameters, ${formatBytes(model.fileSizeBytes)}`,
    ],
    ["context", `${model.contextSize} of ${model.trainContextSize} tokens`],
    ["backend", `${used}, ${requested} requested${why}`],
  ];
}

function nodeVersion(): string {
  const { node, electron } = process.versions;
  return electron === undefined ? node : `${node} (Electron ${electron})`;
}

function bindingVersion(productRoot: string): string {
  try {
    const path = join(productRoot, "node_modules", "node-llama-cpp", "package.json");
    const manifest = JSON.parse(readFileSync(path, "utf8")) as { readonly version?: unknown };
    return String(manifest.version);
  } catch {
    return "not found";
  }
}
