import { basename } from "node:path";
import { toCodedError } from "../protocol/errors.ts";
import type { ModelList } from "../protocol/records.ts";
import { readGgufFile } from "./ggufFile.ts";
import { resolveModel } from "./modelPath.ts";

type ModelEntry = ModelList["models"][number];

/** The bundled model and, where one is configured, that one; each with why it cannot be used. */
export async function listModels(configured: string, bundledModelPath: string): Promise<ModelList> {
  const isConfigured = configured.trim() !== "";
  const bundled = await describe(bundledModelPath, "bundled", !isConfigured);
  if (!isConfigured) return { models: [bundled] };
  try {
    const { path } = resolveModel(configured, bundledModelPath);
    return { models: [await describe(path, "configured", true), bundled] };
  } catch (thrown) {
    const error = toCodedError(thrown).toData();
    const name = basename(configured);
    const failed: ModelEntry = {
      name,
      path: configured,
      source: "configured",
      active: true,
      starter: false,
      error,
    };
    return { models: [failed, bundled] };
  }
}

async function describe(
  path: string,
  source: ModelEntry["source"],
  active: boolean,
): Promise<ModelEntry> {
  const entry = { path, source, active, starter: source === "bundled" };
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
