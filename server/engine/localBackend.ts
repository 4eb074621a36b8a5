import { CodedError } from "../protocol/errors.ts";
import type { EngineBackend } from "./engine.ts";

/**
 * The backend of an engine that was composed without remote endpoints.
 * @throws CodedError INTERNAL_ERROR where it is remote all the same.
 */
export function localBackend(
  backend: EngineBackend,
): Exclude<EngineBackend, { readonly used: "remote" }> {
  if (backend.used === "remote") throw new CodedError("INTERNAL_ERROR", "The engine is remote.");
  return backend;
}
