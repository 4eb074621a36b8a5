import { probeMachine } from "../health/probeMachine.ts";
import { loadCatalogue } from "../models/catalogue/catalogue.ts";
import { pageOf } from "../models/catalogue/pageOf.ts";
import { readMachine } from "../models/fit/machine.ts";
import { offer } from "../models/fit/offer.ts";
import { recommend } from "../models/fit/recommend.ts";
import { readSpeeds } from "../models/fit/speeds.ts";
import { listModels } from "../models/store/listModels.ts";
import type { MachineFacts, ModelList } from "../protocol/models.ts";
import type { Settings } from "../protocol/settings.ts";

export interface ModelListRequest {
  /** Also the models that can be had, and how they would run on this machine. */
  readonly offered?: boolean;
}

export interface ModelListParts {
  readonly homePath: string;
  readonly bundledModelPath: string;
  readonly productRoot: string;
  readonly settings: Settings;
}

/** The models of this machine, and those that can be had; asks no network. Never rejects. */
export async function listAllModels(
  parts: ModelListParts,
  { offered = false }: ModelListRequest,
): Promise<ModelList> {
  const { homePath, bundledModelPath, settings } = parts;
  const configured = settings["model.path"];
  const list = await listModels({ homePath, bundledModelPath, configured });
  const { entries, added, problem } = loadCatalogue(homePath);
  const known = { ...list, ...(problem === undefined ? {} : { problem: problem.toData() }) };
  if (!offered) return known;
  const machine = await machineHere(parts);
  const options = {
    speeds: readSpeeds(homePath),
    contextSize: settings["model.contextSize"],
    pageOf,
    added,
  };
  const recommendation = recommend(entries, machine, options);
  return {
    ...known,
    machine,
    offered: offer(entries, machine, list.models, list.downloads, options),
    ...(recommendation === undefined
      ? {}
      : { recommendation: { id: recommendation.id, reason: recommendation.reason } }),
  };
}

/** A GPU's driver may take its time, and there may be several. */
const patienceMs = 40_000;

/** What this machine has, as the settings have it used. Never rejects. */
export function machineHere({
  homePath,
  productRoot,
  settings,
}: Pick<ModelListParts, "homePath" | "productRoot" | "settings">): Promise<MachineFacts> {
  const requested = settings.backend;
  return readMachine({
    homePath,
    requested,
    probe: () =>
      probeMachine({
        productRoot,
        homePath,
        requested,
        signal: AbortSignal.timeout(patienceMs),
      }),
  });
}
