import { basename } from "node:path";
import { toCodedError } from "../../protocol/errors.ts";
import type { ModelList, StoredModel } from "../../protocol/models.ts";
import { readGgufFile } from "../ggufFile.ts";
import { resolveModel } from "../modelPath.ts";

/** The bundled model and, where one is configured, that one; each with why it cannot be used. */
export async function listModels(configured: string, bundledModelPath: string): Promise<ModelList> {
  const isConfigured = configured.trim() !== "";
  const rest = { diskBytes: 0, downloads: [] };
  const bundled = await describe(bundledModelPath, "bundled", !isConfigured);
  if (!isConfigured) return { models: [bundled], ...rest };
  try {
    const { path } = resolveModel(configured, bundledModelPath);
    return { models: [await describe(path, "configured", true), bundled], ...rest };
  } catch (thrown) {
    const error = toCodedError(thrown).toData();
    const failed: StoredModel = {
      id: "configured",
      name: basename(configured),
      path: configured,
      source: "configured",
      active: true,
      starter: false,
      error,
    };
    return { models: [failed, bundled], ...rest };
  }
}

async function describe(
  path: string,
  source: StoredModel["source"],
  active: boolean,
): Promise<StoredModel> {
  const entry = { id: source, path, source, active, starter: source === "bundled" };
  try {
    const { name, architecture, sizeBytes } = await readGgufFile(path);
    return {
      ...entry,
      name: name || basename(path),
      sizeBytes,
      ...(architecture === "" ? {} : { architecture }),
    };
  } catch (thrown) {
    return { ...entry, name: basename(path), error: toCodedError(thrown).toData() };
  }
}
