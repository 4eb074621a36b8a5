import { rmSync } from "node:fs";
import { CodedError } from "../protocol/errors.ts";

/** Why a file could not be written, as a failure of the table. */
export function writeFailure(path: string, thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown;
  const isFull =
    thrown instanceof Error && "code" in thrown && /^(ENOSPC|EDQUOT)$/.test(String(thrown.code));
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new CodedError(isFull ? "DISK_FULL" : "HOME_NOT_WRITABLE", `${path}: ${reason}`, thrown);
}

/** Removes what is left of an attempt, if it can be. */
export function discard(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // The reason why it is left is told already.
  }
}
