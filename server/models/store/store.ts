import { chmodSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { ModelSource } from "../../protocol/models.ts";
import { changeStore, modelsFolder, readStore, type StoreRecord } from "./storeFile.ts";
import { toModelId } from "./modelId.ts";

/** A model that has come into the folder of models. */
export interface NewModel {
  readonly id: string;
  readonly name: string;
  /** Base names within the folder of models; the parts of a split model in order. */
  readonly files: readonly { readonly name: string; readonly sha256?: string }[];
  readonly source: ModelSource;
  readonly quantization?: string;
}

/**
 * Remembers a model whose files lie, whole, in the folder of models, and makes them read-only. One
 * that was recorded under this id stays known under another if its files are others.
 * @returns the id under which it is known
 * @throws what the system says where a file is missing or nothing can be written
 */
export async function recordModel(homePath: string, model: NewModel): Promise<string> {
  const folder = modelsFolder(homePath);
  const files = model.files.map(({ name, sha256 }) => {
    const path = join(folder, basename(name));
    makeReadOnly(path);
    const { size: sizeBytes, mtimeMs: modifiedMs } = statSync(path);
    return {
      ...{ name: basename(name), sizeBytes, modifiedMs },
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  });
  const first = files[0]?.name;
  let id = model.id;
  await changeStore(homePath, ({ models }) => {
    const others = models.filter((known) => known.files[0]?.name !== first);
    const taken = others.map((known) => known.id);
    id = toModelId(
      taken.includes(model.id) ? `${model.id}-${model.quantization ?? ""}` : id,
      taken,
    );
    const record: StoreRecord = {
      ...{ id, entry: model.id, name: model.name, files, source: model.source },
      ...(model.quantization === undefined ? {} : { quantization: model.quantization }),
      recordedAt: new Date().toISOString(),
    };
    return { models: [...others, record] };
  });
  return id;
}

/** Forgets a model; its files are left alone. */
export async function forgetModel(homePath: string, id: string): Promise<void> {
  await changeStore(homePath, ({ models }) => ({
    models: models.filter((known) => known.id !== id),
  }));
}

/** Whether files of a recorded model were written to since they came; false for any other file. */
export function isTouched(homePath: string, path: string): boolean {
  const folder = modelsFolder(homePath);
  const models = readStore(homePath).models;
  const known = models.find(({ files }) => join(folder, files[0]?.name ?? "") === path);
  return (known?.files ?? []).some(({ name, sizeBytes, modifiedMs }) => {
    const now = statSync(join(folder, name), { throwIfNoEntry: false });
    // Backups keep whole seconds.
    return now?.size !== sizeBytes || Math.abs(now.mtimeMs - modifiedMs) >= 2000;
  });
}

/** Whether the user agreed to this licence for this model before. */
export function isLicenceAccepted(homePath: string, model: string, licence: string): boolean {
  return readStore(homePath).accepted.some(
    (known) => known.model === model && known.licence === licence,
  );
}

/** Remembers that the user agreed to a licence. */
export async function acceptLicence(
  homePath: string,
  model: string,
  licence: string,
): Promise<void> {
  await changeStore(homePath, ({ accepted }) => ({
    accepted: [
      ...accepted.filter((known) => known.model !== model || known.licence !== licence),
      { model, licence, at: new Date().toISOString() },
    ],
  }));
}

function makeReadOnly(path: string): void {
  try {
    chmodSync(path, 0o400);
  } catch {
    // A file system without modes: that nothing writes here is what counts.
  }
}
