import { homedir } from "node:os";
import { isAbsolute, join, normalize } from "node:path";
import { CodedError } from "../protocol/errors.ts";

export interface ResolvedModel {
  /** Absolute. */
  readonly path: string;
  /** The bundled starter model, because none is configured or it is the one configured. */
  readonly starter: boolean;
}

/**
 * The model to use: the configured path with `~` expanded; where it is empty the one chosen for this
 * home, or the bundled model when none was.
 * Whether the file is there and can be read is for who loads it to find out.
 * @throws CodedError `VALIDATION_ERROR` for a relative path: the editor's folder is no place to
 * count from.
 */
export function resolveModel(
  configured: string,
  bundledModelPath: string,
  userFolder: string = homedir(),
  chosenPath: string = bundledModelPath,
): ResolvedModel {
  const trimmed = configured.trim();
  if (trimmed === "") return { path: chosenPath, starter: chosenPath === bundledModelPath };
  const expanded = expandHome(trimmed, userFolder);
  if (!isAbsolute(expanded)) {
    throw new CodedError(
      "VALIDATION_ERROR",
      `starcoder.model.path: ${trimmed} is a relative path; give the whole path or start it with ~.`,
    );
  }
  const path = normalize(expanded);
  return { path, starter: path === bundledModelPath };
}

/** A path as people write it, with a leading `~` expanded. */
export function expandHome(path: string, userFolder: string = homedir()): string {
  return /^~(?=[\\/]|$)/.test(path) ? join(userFolder, path.slice(1)) : path;
}
