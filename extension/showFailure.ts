import { toCodedError } from "../server/protocol/errors.ts";
import { noticeOf } from "./notices.ts";
import { showNotice } from "./showNotice.ts";

/** Tells the user of a failure, with its code, its remedy and buttons that act. */
export function showFailure(thrown: unknown): Promise<void> {
  const { code, message } = toCodedError(thrown);
  return showNotice(noticeOf(code, message));
}
