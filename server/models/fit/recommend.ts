import { formatBytes } from "../../protocol/figures.ts";
import type { CatalogueEntry, MachineFacts, ModelFit } from "../../protocol/models.ts";
import { fitModel, usefulContext, type FitOptions } from "./fit.ts";
import { expectedFileBytes } from "./memoryNeeds.ts";

export interface Recommendation {
  readonly id: string;
  readonly quantization?: string;
  readonly sizeBytes?: number;
  readonly fit: ModelFit;
  /** One sentence or two, with figures and the licence. */
  readonly reason: string;
}

/** Scores this near are equals, among which a StarCoder is preferred. */
const nearQuality = 6;

/**
 * The model to use here: the best among those that fit and keep up with typing. The bundled one
 * where no other does; undefined where the entries have none.
 */
export function recommend(
  entries: readonly CatalogueEntry[],
  machine: MachineFacts,
  options: FitOptions = {},
): Recommendation | undefined {
  const suited = entries
    .filter(({ recommended, instruct }) => recommended && !instruct)
    .flatMap((entry) => {
      const choice = chooseQuantization(entry, machine, options);
      const fit = choice?.fit;
      return choice !== undefined &&
        fit?.verdict === "fits" &&
        fit.contextSize >= Math.min(usefulContext, entry.contextSize ?? usefulContext) &&
        hasRoom(entry, choice, machine)
        ? [{ entry, choice, fit }]
        : [];
    })
    .sort((left, right) => right.entry.quality - left.entry.quality);
  const best = suited[0]?.entry.quality ?? 0;
  const near = suited.filter(({ entry }) => entry.quality >= best - nearQuality);
  const chosen = near.find(({ entry }) => isStarCoder(entry)) ?? near[0];
  if (chosen !== undefined) {
    const { entry, choice, fit } = chosen;
    return { id: entry.id, ...choice, fit, reason: reasonOf(entry, choice, fit) };
  }
  const bundled = entries.find(({ source }) => source.kind === "bundled");
  const choice = bundled && chooseQuantization(bundled, machine, options);
  if (bundled === undefined || choice?.fit === undefined) return undefined;
  const reason = `No other model runs fast enough on this machine. ${choice.fit.reason}`;
  return { id: bundled.id, ...choice, fit: choice.fit, reason };
}

export interface QuantizationChoice {
  readonly quantization?: string;
  readonly sizeBytes?: number;
  /** Absent where the size of the entry is not known. */
  readonly fit?: ModelFit;
}

/** The first of the entry's quantizations that fits, or the first at all. */
export function chooseQuantization(
  entry: CatalogueEntry,
  machine: MachineFacts,
  options: FitOptions = {},
): QuantizationChoice | undefined {
  const choices = entry.quantizations.map(({ name, sizeBytes }): QuantizationChoice => {
    const { parameters, shape, contextSize = 0 } = entry;
    const bytes =
      sizeBytes ?? (parameters === undefined ? undefined : expectedFileBytes(parameters, name));
    if (bytes === undefined) return { quantization: name };
    const needs = {
      weightsBytes: bytes,
      trainContextSize: contextSize,
      ...(parameters === undefined ? {} : { parameters }),
      ...(shape === undefined ? {} : { shape }),
    };
    const fit = fitModel(needs, machine, options);
    return { quantization: name, sizeBytes: Math.round(bytes), fit };
  });
  return choices.find(({ fit }) => fit?.verdict === "fits") ?? choices[0];
}

function hasRoom(
  { source }: CatalogueEntry,
  { sizeBytes = 0 }: QuantizationChoice,
  { diskFreeBytes }: MachineFacts,
): boolean {
  return source.kind === "bundled" || source.kind === "file" || sizeBytes < diskFreeBytes;
}

function isStarCoder({ family }: CatalogueEntry): boolean {
  return family?.startsWith("starcoder") === true;
}

function reasonOf(entry: CatalogueEntry, choice: QuantizationChoice, fit: ModelFit): string {
  const { quantization, sizeBytes = 0 } = choice;
  const file = `${quantization === undefined ? "" : `${quantization}, `}${formatBytes(sizeBytes)}`;
  const { licence } = entry;
  const terms =
    licence === undefined
      ? ""
      : ` Licence: ${licence.name}${licence.restrictions.length > 0 ? ", with restrictions of use" : ""}.`;
  return `${entry.name} (${file}) is the best of those that keep up with typing here. ${fit.reason}${terms}`;
}
