import { CodedError } from "../protocol/errors.ts";
import type { TextRead } from "../workspace/readText.ts";

/** Why a file named on the command line cannot be used: `DOCUMENT_UNSUPPORTED`. */
export function unsupported(name: string, kind: Exclude<TextRead["kind"], "text">): CodedError {
  const why = {
    missing: "does not exist, or is not a file",
    tooLarge: "is too large",
    binary: "is binary",
    failed: "cannot be read",
  }[kind];
  return new CodedError("DOCUMENT_UNSUPPORTED", `${name} ${why}.`);
}
