import type { Product } from "../../compose/compose.ts";
import { removeEntry } from "../../models/catalogue/catalogue.ts";
import { discardDownload } from "../../models/store/discardDownload.ts";
import { removeModel } from "../../models/store/removeModel.ts";
import { CodedError } from "../../protocol/errors.ts";
import { formatBytes } from "../../protocol/figures.ts";
import type { RemoveRecord } from "../../protocol/models.ts";
import { escapeControls } from "../escapeControls.ts";
import { exitCodes, type CommandOutcome } from "../outcome.ts";
import { findStored, unknownModel } from "./findStored.ts";
import { openPlace, type ModelFlags } from "./place.ts";

/**
 * `starcoder models remove`: deletes a model of the home, with what is there of a download of it, and
 * takes a model that the user added off the list. Files of others are never deleted.
 */
export async function removeCommand(
  product: Product,
  reference: string,
  flags: ModelFlags,
): Promise<CommandOutcome> {
  const { homePath, list } = await openPlace(product, flags);
  const { models } = await list();
  const model = findStored(models, reference);
  const id = model?.id ?? reference;
  if (model !== undefined && model.active && model.source !== "bundled") {
    throw new CodedError("MODEL_IN_USE", `${model.name} (${id})`);
  }
  // One that lies elsewhere only leaves the list; so does what was added and never fetched.
  const mayBeAdded = model === undefined || model.source === "added";
  const entry = mayBeAdded ? await removeEntry(homePath, id) : undefined;
  const isOurs = model !== undefined && entry === undefined;
  const parts = [
    isOurs ? await removeModel(homePath, model) : nothing,
    await discardDownload(homePath, id),
  ];
  const files = parts.flatMap((part) => part.files);
  const freedBytes = parts.reduce((sum, part) => sum + part.freedBytes, 0);
  if (model === undefined && entry === undefined && files.length === 0) {
    throw unknownModel(
      reference,
      models.map((one) => one.id),
    );
  }
  const record: RemoveRecord = { id, freedBytes, files };
  return { record, text: textOf(record, model?.name ?? id), exitCode: exitCodes.done };
}

const nothing = { freedBytes: 0, files: [] as readonly string[] };

function textOf({ id, freedBytes, files }: RemoveRecord, name: string): string {
  if (files.length === 0) return `${escapeControls(name)} (${id}) is no longer listed.`;
  return [
    `Removed ${escapeControls(name)} (${id}): ${formatBytes(freedBytes)} freed.`,
    ...files.map((file) => `    ${escapeControls(file)}`),
  ].join("\n");
}
