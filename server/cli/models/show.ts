import type { Product } from "../../compose/compose.ts";
import { describeDownload } from "../../protocol/downloadText.ts";
import { formatBytes, formatCount } from "../../protocol/figures.ts";
import type { ModelFit, ModelList, OfferedModel, StoredModel } from "../../protocol/models.ts";
import { escapeControls } from "../escapeControls.ts";
import { exitCodes, type CommandOutcome } from "../outcome.ts";
import { licenceLines } from "./acceptLicence.ts";
import { sourceOf, speedOf } from "./describeList.ts";
import { findStored, unknownModel } from "./findStored.ts";
import { openPlace, type ModelFlags } from "./place.ts";

/** `starcoder models show`: all that is known of one model, and how it runs here. */
export async function showCommand(
  product: Product,
  reference: string,
  flags: ModelFlags,
): Promise<CommandOutcome> {
  await openPlace(product, flags);
  const list = await product.listModels({ offered: true });
  const stored = findStored(list.models, reference);
  const offered = list.offered?.find(({ entry }) => entry.id === (stored?.id ?? reference));
  const record = offered ?? (stored === undefined ? undefined : asOffered(stored));
  if (record === undefined) throw unknownModel(reference, idsOf(list));
  const lines = [...describe(record), ...(stored === undefined ? [] : describeStored(stored))];
  return { record, text: lines.map(escapeControls).join("\n"), exitCode: exitCodes.done };
}

function idsOf({ models, offered = [] }: ModelList): string[] {
  return [...new Set([...models.map(({ id }) => id), ...offered.map(({ entry }) => entry.id)])];
}

/** A model that no catalogue knows. */
function asOffered({
  id,
  name,
  path,
  quantization,
  licence,
  sizeBytes,
}: StoredModel): OfferedModel {
  return {
    entry: {
      ...{ id, name, source: { kind: "file", path }, fim: [], notes: [] },
      quantizations: quantization === undefined ? [] : [{ name: quantization }],
      ...(licence === undefined ? {} : { licence }),
      ...{ recommended: true, quality: 0, instruct: false },
    },
    ...(quantization === undefined ? {} : { quantization }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    stored: true,
  };
}

function describe({ entry, quantization, sizeBytes, fit, page, download }: OfferedModel): string[] {
  const { id, name, parameters, contextSize, family, licence, fim, notes } = entry;
  const traits = [
    ...(parameters === undefined ? [] : [`${formatCount(parameters)} parameters`]),
    ...(contextSize === undefined ? [] : [`${String(contextSize)} tokens of context`]),
    ...(family === undefined ? [] : [`fills in as ${family}`]),
    ...(quantization === undefined ? [] : [quantization]),
    ...(sizeBytes === undefined ? [] : [formatBytes(sizeBytes)]),
  ];
  return [
    `${name} (${id})`,
    ...(traits.length === 0 ? [] : [traits.join(", ")]),
    ...(page === undefined ? [] : [page]),
    ...(entry.quantizations.length < 2 ? [] : [`Files: ${filesOf(entry)}`]),
    ...(fit === undefined ? [] : fitLines(fit)),
    ...(fim.length === 0 ? [] : ["Filling in the middle, as published:"]),
    ...fim.map(({ benchmark, score, source }) => `  ${benchmark}: ${String(score)}% (${source})`),
    ...notes.map((note) => `Note: ${note}`),
    ...(licence === undefined ? ["Licence: unknown here"] : licenceLines(licence)),
    ...(download === undefined ? [] : [`Download: ${describeDownload(download)}`]),
  ];
}

function filesOf({ quantizations }: OfferedModel["entry"]): string {
  return quantizations
    .map(({ name, sizeBytes }) =>
      sizeBytes === undefined ? name : `${name} (${formatBytes(sizeBytes)})`,
    )
    .join(", ");
}

function fitLines(fit: ModelFit): string[] {
  const { reason, contextSize, layers, gpuLayers, kvType } = fit;
  const speed = speedOf(fit);
  if (fit.verdict === "tooLarge") return [`Here: ${reason}`];
  const where =
    gpuLayers === 0 ? "on the CPU" : `${String(gpuLayers)} of ${String(layers)} layers on the GPU`;
  return [
    `Here: ${reason}`,
    `  context ${String(contextSize)} tokens, cache ${kvType}, ${where}${speed === "" ? "" : `, about ${speed}`}`,
  ];
}

function describeStored(model: StoredModel): string[] {
  const { path, sha256, active, error } = model;
  return [
    `On this machine: ${path} (${sourceOf(model)}${active ? ", in use" : ""})`,
    ...(sha256 === undefined ? [] : [`SHA-256: ${sha256}`]),
    ...(error === undefined ? [] : [`${error.code}: ${error.message}`]),
  ];
}
