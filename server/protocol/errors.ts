import { z } from "zod";
import { errorTable as table, type ErrorEntry } from "./errorTable.ts";

export { errorActions, type ErrorAction, type ErrorEntry } from "./errorTable.ts";

/** A stable failure code. */
export type ErrorCode = keyof typeof table;

/** The table, by code. */
export const errorTable: Readonly<Record<ErrorCode, ErrorEntry>> = table;

/** Every code, in table order. */
export const errorCodes = Object.keys(table) as [ErrorCode, ...ErrorCode[]];

/** A failure as it crosses a process boundary. */
export const codedErrorSchema = z.object({
  code: z.enum(errorCodes),
  /** What happened, with the particulars (file, key, size) filled in. */
  message: z.string(),
  remedy: z.string(),
  retryable: z.boolean(),
  /** When a busy server asked to be tried again, in milliseconds from when it said so. */
  retryAfterMs: z.number().min(0).optional(),
});
export type CodedErrorData = z.infer<typeof codedErrorSchema>;

/** A failure with a code from the table; `cause` keeps the original error. */
export class CodedError extends Error {
  override readonly name = "CodedError";
  readonly code: ErrorCode;
  /** When a busy server asked to be tried again, in milliseconds from when it said so. */
  retryAfterMs?: number;

  constructor(code: ErrorCode, detail?: string, cause?: unknown) {
    super(
      detail === undefined ? errorTable[code].message : `${errorTable[code].message} ${detail}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
  }

  /** The form that crosses a process boundary. */
  toData(): CodedErrorData {
    const { remedy, retryable } = errorTable[this.code];
    const { code, message, retryAfterMs } = this;
    return {
      ...{ code, message, remedy, retryable },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }

  /** The error a peer sent; the message already carries the particulars. */
  static fromData(data: CodedErrorData): CodedError {
    const error = new CodedError(data.code);
    error.message = data.message;
    if (data.retryAfterMs !== undefined) error.retryAfterMs = data.retryAfterMs;
    return error;
  }
}

/** Any thrown value as a coded error: itself, or `INTERNAL_ERROR` with the value as cause. */
export function toCodedError(thrown: unknown, fallback: ErrorCode = "INTERNAL_ERROR"): CodedError {
  if (thrown instanceof CodedError) return thrown;
  return new CodedError(
    fallback,
    thrown instanceof Error ? thrown.message : String(thrown),
    thrown,
  );
}
