import type { CatalogueEntry, MachineFacts } from "../../protocol/models.ts";
import type { FitOptions } from "./fit.ts";
import { chooseQuantization } from "./recommend.ts";

/**
 * The quantization to download: the one given, as the catalogue spells it; without one the first
 * that fits this machine, or the first at all.
 */
export function quantizationFor(
  entry: CatalogueEntry,
  given: string | undefined,
  machine: MachineFacts,
  options: FitOptions,
): string | undefined {
  if (given === undefined) return chooseQuantization(entry, machine, options)?.quantization;
  const same = entry.quantizations.find(({ name }) => name.toLowerCase() === given.toLowerCase());
  return same?.name ?? given;
}
