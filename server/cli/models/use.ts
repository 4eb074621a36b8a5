import { dirname } from "node:path";
import type { Product } from "../../compose/compose.ts";
import { loadCatalogue } from "../../models/catalogue/catalogue.ts";
import { isTouched } from "../../models/store/store.ts";
import { verifyModels } from "../../models/store/verifyModels.ts";
import { CodedError, toCodedError } from "../../protocol/errors.ts";
import { formatBytes } from "../../protocol/figures.ts";
import type { StoredModel, UseModelRecord } from "../../protocol/models.ts";
import { writeChosenModel } from "../../state/chosenModel.ts";
import { openHome } from "../../state/home.ts";
import { escapeControls } from "../escapeControls.ts";
import { exitCodes, Interrupted, type CommandOutcome } from "../outcome.ts";
import { storedOrFile, unknownModel } from "./findStored.ts";
import { openPlace, type ModelFlags, type ModelPlace } from "./place.ts";
import { tryModel } from "./tryModel.ts";

/** `starcoder models use`: tries a model, and chooses it for all windows that configure none. */
export async function useCommand(
  product: Product,
  reference: string,
  flags: ModelFlags,
  { note, signal }: { readonly note: (line: string) => void; readonly signal: AbortSignal },
): Promise<CommandOutcome> {
  const place = await openPlace(product, flags);
  const { models } = await place.list();
  const model = await storedOrFile(models, reference, place.homePath);
  if (model === undefined) {
    const { entries } = loadCatalogue(place.homePath);
    if (entries.some(({ id }) => id === reference)) {
      const detail = `“${reference}” is not on this machine: starcoder models download ${reference}`;
      throw new CodedError("MODEL_UNKNOWN", detail);
    }
    throw unknownModel(
      reference,
      models.map(({ id }) => id),
    );
  }
  note(`Trying ${escapeControls(model.name)} …`);
  const record = await useModel(product, place, model, signal);
  return { record, text: describeUse(record), notes: notesOf(product), exitCode: exitCodes.done };
}

/**
 * Tries a model and chooses it; until it has answered nothing is written, and whatever is in use goes
 * on.
 * @throws CodedError `MODEL_SWITCH_FAILED` with the reason; Interrupted
 */
export async function useModel(
  product: Product,
  { homePath, bundledModelPath }: Pick<ModelPlace, "homePath" | "bundledModelPath">,
  model: StoredModel,
  signal: AbortSignal,
): Promise<UseModelRecord> {
  const { path, id, source } = model;
  const previous = product.modelPath;
  const home = openHome(homePath);
  try {
    if (model.error !== undefined) throw CodedError.fromData(model.error);
    if (isTouched(home.path, path)) await verify(home.path, bundledModelPath, model, signal);
    const trial = await tryModel(product, path, signal);
    // The bundled one is what is used where none is chosen: its path changes with each version.
    const chosen = source === "bundled" ? undefined : ({ version: 1, path, id } as const);
    writeChosenModel(home.path, chosen);
    return { model: { ...model, active: true }, trial, previous };
  } catch (thrown) {
    if (thrown instanceof Interrupted) throw thrown;
    const { code, message } = toCodedError(thrown);
    throw new CodedError("MODEL_SWITCH_FAILED", `${model.name}: ${code}: ${message}`, thrown);
  }
}

/** Files of the store never change: one that did must have the hash that it came with. */
async function verify(
  homePath: string,
  bundledModelPath: string,
  model: StoredModel,
  signal: AbortSignal,
): Promise<void> {
  const [verified] = await verifyModels({
    ...{ homePath, signal, models: [model], note: () => undefined },
    bundledFolder: dirname(bundledModelPath),
  });
  if (verified === undefined) throw new Interrupted();
  if (verified.error !== undefined) throw CodedError.fromData(verified.error);
}

export function describeUse({ model, trial }: UseModelRecord): string {
  const size = model.sizeBytes === undefined ? "" : ` (${formatBytes(model.sizeBytes)})`;
  const said = trial.text.split("\n")[0] ?? "";
  return [
    `${escapeControls(model.name)}${size} is used from now on.`,
    `Loaded on ${trial.backend} in ${trial.loadMs} ms; suggested ${escapeControls(JSON.stringify(said))} in ${trial.completionMs} ms.`,
    ...(trial.fallbackReason === undefined ? [] : [escapeControls(trial.fallbackReason)]),
  ].join("\n");
}

/** What keeps the choice from having an effect. */
export function notesOf({ settings }: Product): string[] {
  const configured = settings["model.path"].trim();
  if (configured === "") return [];
  return [
    `starcoder.model.path names ${escapeControls(configured)}, which goes before this choice: clear it.`,
  ];
}
