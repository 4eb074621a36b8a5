import type { ErrorCode } from "./errors.ts";

/** The error that an HTTP status of a remote engine stands for; undefined where it is none. */
export function codeOfHttpStatus(status: number): ErrorCode | undefined {
  if (status < 400) return undefined;
  if (status === 401 || status === 403 || status === 407) return "ENDPOINT_AUTH";
  if (status === 404 || status === 410) return "ENDPOINT_NOT_FOUND";
  if (status === 408 || status === 504) return "TIMEOUT_ERROR";
  if (status === 429 || status === 503) return "ENDPOINT_BUSY";
  return status < 500 ? "ENDPOINT_REFUSED" : "ENDPOINT_FAILED";
}
