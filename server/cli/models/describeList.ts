import { describeDownload, isUnfinished } from "../../protocol/downloadText.ts";
import { formatBytes } from "../../protocol/figures.ts";
import type { ModelFit, ModelList, OfferedModel, StoredModel } from "../../protocol/models.ts";
import { escapeControls } from "../escapeControls.ts";
import { table } from "./table.ts";

/** The models that are there, for people; then those that can be had, where the list has them. */
export function describeList(list: ModelList): string {
  const { models, downloads, offered, machine, recommendation } = list;
  const open = downloads.filter(isUnfinished);
  return [
    ...storedLines(models),
    diskLine(list),
    ...(open.length === 0 ? [] : ["", "Downloads", ...open.map(downloadLine)]),
    ...(machine === undefined ? [] : ["", machineLine(machine)]),
    ...(recommendation === undefined
      ? []
      : ["", `Recommended here: ${recommendation.id}. ${recommendation.reason}`]),
    ...(offered === undefined ? [] : ["", ...offeredLines(offered)]),
  ]
    .map(escapeControls)
    .join("\n");
}

function storedLines(models: readonly StoredModel[]): string[] {
  const rows = models.map((model) => [
    model.active ? "*" : " ",
    model.id,
    sizeOf(model.sizeBytes),
    model.quantization ?? "",
    `${model.name} (${sourceOf(model)})`,
  ]);
  return table(rows, [2]).flatMap((line, index) => {
    const { path = "", error } = models[index] ?? {};
    return [
      line,
      `    ${path}`,
      ...(error === undefined ? [] : [`    ${error.code}: ${error.message}`]),
    ];
  });
}

/** Where a model comes from. */
export function sourceOf({ source, tool, starter }: StoredModel): string {
  if (source === "found") return `found in ${tool ?? "another tool"}`;
  return starter ? `${source} starter` : source;
}

function diskLine({ diskBytes, diskFreeBytes }: ModelList): string {
  const free = diskFreeBytes === undefined ? "" : `; ${formatBytes(diskFreeBytes)} are free`;
  return `Downloaded models take ${formatBytes(diskBytes)}${free}.`;
}

function downloadLine(state: ModelList["downloads"][number]): string {
  return `  ${state.request.id}: ${describeDownload(state)}`;
}

function machineLine(machine: NonNullable<ModelList["machine"]>): string {
  const { cpu, cores, availableBytes, totalBytes, backend, gpus, fallbackReason } = machine;
  const memory = `${formatBytes(availableBytes)} of ${formatBytes(totalBytes)} memory free`;
  const devices = gpus.map(({ name, freeBytes }) => `${name} with ${formatBytes(freeBytes)} free`);
  const why = fallbackReason === undefined ? "" : ` (${fallbackReason})`;
  return `This machine: ${[`${cpu}, ${String(cores)} cores`, memory, ...devices].join("; ")}; runs on ${backend}${why}.`;
}

function offeredLines(offered: readonly OfferedModel[]): string[] {
  const rows = offered.map(({ entry, quantization, sizeBytes, fit, stored }) => [
    stored ? "+" : " ",
    entry.id,
    sizeOf(sizeBytes),
    quantization ?? "",
    verdictOf(fit),
    speedOf(fit),
    licenceOf(entry.licence),
  ]);
  const head = ["", "id", "size", "file", "here", "speed", "licence"];
  return [
    "To download (+ is there already; a licence with * has terms for users)",
    ...table([head, ...rows], [2]),
  ];
}

/** How a model runs here, in two words. */
export function verdictOf(fit: ModelFit | undefined): string {
  if (fit === undefined) return "";
  return { fits: "fits", slow: "slow", tooLarge: "too large" }[fit.verdict];
}

/** Tokens a second while writing. */
export function speedOf(fit: ModelFit | undefined): string {
  const speed = fit?.decodePerSecond;
  if (speed === undefined || fit?.verdict === "tooLarge") return "";
  return `${speed < 10 ? speed.toFixed(1) : String(Math.round(speed))} tokens/s`;
}

function licenceOf(licence: OfferedModel["entry"]["licence"]): string {
  if (licence === undefined) return "unknown";
  return `${licence.id}${licence.restrictions.length === 0 ? "" : " *"}`;
}

function sizeOf(bytes: number | undefined): string {
  return bytes === undefined ? "" : formatBytes(bytes);
}
