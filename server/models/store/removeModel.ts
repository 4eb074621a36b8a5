import { chmodSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import type { RemoveRecord, StoredModel } from "../../protocol/models.ts";
import { modelsFolder } from "./storeFile.ts";
import { partsOf } from "./splitName.ts";
import { forgetModel } from "./store.ts";

/**
 * Deletes a model of the home. A host that has it loaded keeps it until it ends.
 * @throws CodedError `MODEL_IN_USE` for the active one, or where the system holds on to its file;
 * `VALIDATION_ERROR` for the bundled one and for files that are not the product's own
 */
export async function removeModel(homePath: string, model: StoredModel): Promise<RemoveRecord> {
  refuseOthers(model, modelsFolder(homePath));
  const files = partsOf(model.path);
  let freedBytes = 0;
  for (const file of files) freedBytes += deleteFile(file);
  await forgetModel(homePath, model.id);
  return { id: model.id, freedBytes, files };
}

function refuseOthers(model: StoredModel, folder: string): void {
  const { id, name, source, path, tool = "another tool" } = model;
  if (source === "bundled") {
    throw new CodedError("VALIDATION_ERROR", `${name} belongs to the product and stays.`);
  }
  if (model.active) throw new CodedError("MODEL_IN_USE", `${name} (${id})`);
  if (source === "found") {
    const detail = `${path} was downloaded by ${tool}; remove it there.`;
    throw new CodedError("VALIDATION_ERROR", detail);
  }
  if (dirname(path) !== folder) {
    throw new CodedError("VALIDATION_ERROR", `${path} is a file of yours; delete it yourself.`);
  }
}

/** Bytes that were freed; nothing where there is no file any more. */
function deleteFile(path: string): number {
  try {
    const { size } = statSync(path);
    // Windows deletes no file that is read-only.
    if (process.platform === "win32") chmodSync(path, 0o600);
    rmSync(path);
    return size;
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : "";
    if (code === "ENOENT") return 0;
    const held = code === "EBUSY" || code === "EPERM";
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError(held ? "MODEL_IN_USE" : "HOME_NOT_WRITABLE", reason, thrown);
  }
}
