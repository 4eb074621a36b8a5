import type { Product } from "../../compose/compose.ts";
import { machineHere } from "../../compose/composeModels.ts";
import { loadCatalogue } from "../../models/catalogue/catalogue.ts";
import { quantizationFor } from "../../models/fit/quantizationFor.ts";
import { readSpeeds } from "../../models/fit/speeds.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { CatalogueEntry, DownloadRequest } from "../../protocol/models.ts";
import { openHome } from "../../state/home.ts";
import type { CommandOutcome } from "../outcome.ts";
import { askTerminal, obtainAcceptance } from "./acceptLicence.ts";
import { entryFor } from "./add.ts";
import { findDownload } from "./control.ts";
import { fetchModel, type FetchFlags, type Surroundings } from "./fetchModel.ts";
import { unknownModel } from "./findStored.ts";
import { openPlace } from "./place.ts";

export interface DownloadFlags extends FetchFlags {
  readonly quantization?: string;
  readonly acceptLicence?: boolean;
  readonly force?: boolean;
}

/** `starcoder models download`: of the catalogue by its id, or whatever can be added. */
export async function downloadCommand(
  product: Product,
  reference: string,
  flags: DownloadFlags,
  surroundings: Surroundings,
): Promise<CommandOutcome> {
  const { signal, note } = surroundings;
  const place = await openPlace(product, flags);
  const entry = await entryNamed(reference, place.homePath);
  const { id, name, source } = entry;
  if (source.kind === "file" || source.kind === "bundled") {
    const detail = `${name} is on this machine already: starcoder models use ${id}`;
    throw new CodedError("VALIDATION_ERROR", detail);
  }
  const { path: homePath } = openHome(place.homePath);
  const isAsked = process.stdin.isTTY && flags.json !== true;
  await obtainAcceptance({
    ...{ homePath, entry, note, accepted: flags.acceptLicence === true },
    ask: isAsked ? (question) => askTerminal(question, signal) : undefined,
  });
  const machine = await machineHere({
    homePath,
    productRoot: product.productRoot,
    settings: product.settings,
  });
  const quantization = quantizationFor(entry, flags.quantization, machine, {
    speeds: readSpeeds(homePath),
    contextSize: product.settings["model.contextSize"],
  });
  const request: DownloadRequest = {
    ...{ id, name, source, force: flags.force === true },
    ...(quantization === undefined ? {} : { quantization }),
  };
  return fetchModel(product, place, request, flags, { ...surroundings, machine });
}

/** `starcoder models resume`: goes on with a download that was paused, failed or interrupted. */
export async function resumeCommand(
  product: Product,
  id: string,
  flags: FetchFlags,
  surroundings: Surroundings,
): Promise<CommandOutcome> {
  const place = await openPlace(product, flags);
  const { request } = findDownload(place.homePath, id);
  return fetchModel(product, place, request, flags, surroundings);
}

/** By id; else what `models add` takes, which is downloaded without being added. */
async function entryNamed(reference: string, homePath: string): Promise<CatalogueEntry> {
  const { entries } = loadCatalogue(homePath);
  const known = entries.find(({ id }) => id === reference);
  if (known !== undefined) return known;
  if (/^[\w.-]+$/.test(reference) && !/\.gguf$/i.test(reference)) {
    throw unknownModel(
      reference,
      entries.map(({ id }) => id),
    );
  }
  return entryFor(reference, homePath);
}
