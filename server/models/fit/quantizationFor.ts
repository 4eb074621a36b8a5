import { CodedError } from "../../protocol/errors.ts";
import type { CatalogueEntry, MachineFacts } from "../../protocol/models.ts";
import type { FitOptions } from "./fit.ts";
import { chooseQuantization } from "./recommend.ts";

/**
 * The quantization to download: the one given, as the catalogue spells it; without one the first
 * that fits this machine, or the first at all.
 * @throws CodedError `VALIDATION_ERROR` for one that the entry's one file does not have
 */
export function quantizationFor(
  entry: CatalogueEntry,
  given: string | undefined,
  machine: MachineFacts,
  options: FitOptions,
): string | undefined {
  if (given === undefined) return chooseQuantization(entry, machine, options)?.quantization;
  const same = entry.quantizations.find(({ name }) => name.toLowerCase() === given.toLowerCase());
  if (same !== undefined) return same.name;
  const { name, source, quantizations } = entry;
  if (source.kind === "hub" && !source.file.includes("{quantization}")) {
    const there = quantizations.map((known) => known.name).join(", ");
    throw new CodedError("VALIDATION_ERROR", `${name} has no file of ${given}, only ${there}.`);
  }
  return given;
}
