import * as vscode from "vscode";
import type { Notice } from "./notices.ts";

/** Shows a notice and runs the command of the button that is pressed. */
export async function showNotice(notice: Notice): Promise<void> {
  const labels = notice.buttons.map(({ label }) => label);
  const show =
    notice.severity === "error" ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const pressed = await show(notice.message, ...labels);
  const button = notice.buttons.find(({ label }) => label === pressed);
  if (button !== undefined) {
    await vscode.commands.executeCommand(button.command);
  }
}
