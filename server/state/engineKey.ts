import { createHash } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { CodedError } from "../protocol/errors.ts";
import type { HostConfig } from "../protocol/host.ts";

/** The parts of a host's configuration that decide which host serves it. */
export type EngineKeySource = Pick<
  HostConfig,
  "modelPath" | "backend" | "contextSize" | "kvType" | "gpuLayers"
>;

/**
 * What identifies a host within one home: 16 hexadecimal digits over the model file's identity,
 * backend, context size, KV type and GPU layers. A file replaced under the same path has another
 * key.
 * @throws CodedError `MODEL_NOT_FOUND` or `MODEL_INVALID` when there is no such file.
 */
export function engineKey(source: EngineKeySource): string {
  const identity = modelIdentity(source.modelPath);
  const parts = [identity, source.backend, source.contextSize, source.kvType, source.gpuLayers];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

function modelIdentity(modelPath: string): readonly (string | number)[] {
  try {
    const path = realpathSync(modelPath);
    const { size, mtimeMs, ino, isFile } = describeFile(path);
    if (!isFile) throw new CodedError("MODEL_INVALID", `${modelPath} is not a file.`);
    return [path, size, mtimeMs, ino];
  } catch (thrown) {
    if (thrown instanceof CodedError) throw thrown;
    const missing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw missing
      ? new CodedError("MODEL_NOT_FOUND", modelPath, thrown)
      : new CodedError("MODEL_INVALID", `${modelPath}: ${reason}`, thrown);
  }
}

function describeFile(path: string) {
  const status = statSync(path);
  return {
    size: status.size,
    mtimeMs: status.mtimeMs,
    ino: status.ino,
    isFile: status.isFile(),
  };
}
