import { realpathSync } from "node:fs";
import { basename, isAbsolute, resolve } from "node:path";
import { createHeaders } from "../../models/store/headers.ts";
import { toModelId } from "../../models/store/modelId.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { StoredModel } from "../../protocol/models.ts";

/**
 * The model that a user named, by id or path; undefined where none of the list is meant. `bundled`
 * always means the bundled one.
 */
export function findStored(
  models: readonly StoredModel[],
  reference: string,
): StoredModel | undefined {
  const byId = models.find(({ id }) => id === reference);
  if (byId !== undefined) return byId;
  if (reference === "bundled") return models.find(({ source }) => source === "bundled");
  if (!isPath(reference)) return undefined;
  const real = realPathOf(reference);
  return models.find(({ path }) => realPathOf(path) === real);
}

/** The model named, whether it is in the list or a file anywhere. */
export async function storedOrFile(
  models: readonly StoredModel[],
  reference: string,
  homePath: string,
): Promise<StoredModel | undefined> {
  const known = findStored(models, reference);
  if (known !== undefined || !isPath(reference)) return known;
  const path = resolve(reference);
  const headers = createHeaders(homePath);
  const { name, architecture, quantization, sizeBytes, error } = await headers.read(path);
  headers.save();
  return {
    id: toModelId(
      basename(path),
      models.map(({ id }) => id),
    ),
    ...{ name: name || basename(path), path, source: "added", active: false, starter: false },
    ...(sizeBytes === 0 ? {} : { sizeBytes }),
    ...(architecture === "" ? {} : { architecture }),
    ...(quantization === "" ? {} : { quantization }),
    ...(error === undefined ? {} : { error }),
  };
}

/** What is said of a name that means nothing: `MODEL_UNKNOWN`, with names that look like it. */
export function unknownModel(reference: string, ids: readonly string[]): CodedError {
  const wanted = reference.toLowerCase();
  const alike = ids.filter((id) => id.includes(wanted) || wanted.includes(id)).slice(0, 5);
  const hint = alike.length === 0 ? "" : ` Did you mean ${alike.join(" or ")}?`;
  return new CodedError("MODEL_UNKNOWN", `“${reference}”.${hint}`);
}

/** Ids hold no slash, and no id is a file's name with its ending. */
export function isPath(reference: string): boolean {
  return isAbsolute(reference) || /[\\/]/.test(reference) || /\.gguf$/i.test(reference);
}

function realPathOf(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    return whole;
  }
}
