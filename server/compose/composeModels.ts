import { loadCatalogue } from "../models/catalogue/catalogue.ts";
import { listModels } from "../models/store/listModels.ts";
import type { ModelList } from "../protocol/models.ts";
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
  { homePath, bundledModelPath, settings }: ModelListParts,
  { offered = false }: ModelListRequest,
): Promise<ModelList> {
  const configured = settings["model.path"];
  const list = await listModels({ homePath, bundledModelPath, configured });
  const { entries, problem } = loadCatalogue(homePath);
  const known = { ...list, ...(problem === undefined ? {} : { problem: problem.toData() }) };
  if (!offered) return known;
  return {
    ...known,
    offered: entries.map((entry) => ({
      entry,
      ...(entry.quantizations[0] === undefined
        ? {}
        : { quantization: entry.quantizations[0].name }),
      stored: list.models.some(({ id }) => id === entry.id),
    })),
  };
}
