import { errorTable, type CodedError } from "../../server/protocol/errors.ts";
import { noticeOf } from "../notices.ts";

export const tryAgain = "Try Again";
export const openPage = "Open Model Page";

/**
 * The buttons of a failed download: those of the table; the model's page where access is asked for
 * there; another try where one may help.
 */
export function withDownloadButtons(
  { code, message }: CodedError,
  page: string | undefined,
): { readonly buttons: readonly string[]; readonly url?: string } {
  const known = noticeOf(code, message).buttons.map(({ label }) => label);
  const asks = code === "HUB_AUTH" || code === "HUB_GATED";
  const url = asks ? (page ?? urlIn(message)) : undefined;
  const again = asks || errorTable[code].retryable;
  return {
    buttons: [
      ...(url === undefined ? [] : [openPage]),
      ...(again && !asks ? [tryAgain] : []),
      ...known,
      ...(again && asks ? [tryAgain] : []),
    ],
    ...(url === undefined ? {} : { url }),
  };
}

function urlIn(message: string): string | undefined {
  return /https:\/\/[^\s)]+[^\s).,;]/.exec(message)?.[0];
}
