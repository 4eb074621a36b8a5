import * as vscode from "vscode";
import { toCodedError } from "../../server/protocol/errors.ts";
import { noticeOf } from "../notices.ts";
import { askToken } from "./askToken.ts";
import { openPage, tryAgain, withDownloadButtons } from "./failureButtons.ts";
import type { HubToken } from "./hubToken.ts";

/**
 * Tells why a download failed. Whether to try again: when the user says so, or has entered a token
 * that was asked for.
 */
export async function tellHubFailure(
  thrown: unknown,
  page: string | undefined,
  hubToken: HubToken,
): Promise<boolean> {
  const error = toCodedError(thrown);
  const { buttons, url } = withDownloadButtons(error, page);
  const notice = noticeOf(error.code, error.message);
  for (;;) {
    const pressed = await vscode.window.showErrorMessage(notice.message, ...buttons);
    if (pressed === tryAgain) return true;
    if (pressed !== openPage || url === undefined) {
      const command = notice.buttons.find(({ label }) => label === pressed)?.command;
      if (command === "starcoder.setHubToken") return (await askToken(hubToken)) === "kept";
      if (command !== undefined) void vscode.commands.executeCommand(command);
      return false;
    }
    // Asking for access there is only the first half: the message comes again.
    await vscode.env.openExternal(vscode.Uri.parse(url, true));
  }
}
