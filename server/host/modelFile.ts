import { stat } from "node:fs/promises";
import { readGgufFile } from "../models/ggufFile.ts";
import { CodedError } from "../protocol/errors.ts";

/** What tells one file from another under the same path. */
export interface FileIdentity {
  readonly inode: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * Looks at a model file before the engine does, which waits for ever for what a damaged header
 * promises.
 * @throws CodedError MODEL_NOT_FOUND, MODEL_INVALID
 */
export async function checkModelFile(path: string): Promise<FileIdentity> {
  const identity = await fileIdentity(path).catch((thrown: unknown) => {
    throw new CodedError(isMissing(thrown) ? "MODEL_NOT_FOUND" : "MODEL_INVALID", path, thrown);
  });
  const { endOfWeights, sizeBytes } = await readGgufFile(path);
  if (endOfWeights > sizeBytes) {
    throw new CodedError("MODEL_INVALID", `${path} ends before its weights do.`);
  }
  return identity;
}

/**
 * Whether another file, or other content, is now under the path. A file that was deleted is not:
 * the loaded one lives on.
 */
export async function hasChanged(path: string, loaded: FileIdentity): Promise<boolean> {
  const now = await fileIdentity(path).catch(() => undefined);
  return (
    now !== undefined &&
    (now.inode !== loaded.inode ||
      now.sizeBytes !== loaded.sizeBytes ||
      now.modifiedMs !== loaded.modifiedMs)
  );
}

async function fileIdentity(path: string): Promise<FileIdentity> {
  const status = await stat(path);
  if (!status.isFile()) throw new Error(`${path} is not a file.`);
  return { inode: status.ino, sizeBytes: status.size, modifiedMs: status.mtimeMs };
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof Error &&
    "code" in thrown &&
    (thrown.code === "ENOENT" || thrown.code === "ENOTDIR")
  );
}
