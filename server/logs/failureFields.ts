import { toCodedError, type ErrorCode } from "../protocol/errors.ts";

/** What a record about a failure carries; the stack is that of the first cause that has one. */
export function failureFields(thrown: unknown): {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly stack: string | undefined;
} {
  const error = toCodedError(thrown);
  const { code, message: detail, cause, stack } = error;
  return { code, detail, stack: cause instanceof Error ? (cause.stack ?? stack) : stack };
}
