import * as vscode from "vscode";
import type { ModelButton } from "./modelChoices.ts";

/** What the small buttons of rows look like. */
export const modelButtonLooks: Readonly<
  Record<ModelButton["kind"], { readonly icon: string; readonly tooltip: string }>
> = {
  licence: { icon: "law", tooltip: "Open the licence" },
  page: { icon: "link-external", tooltip: "Open the model's page" },
  reveal: { icon: "folder-opened", tooltip: "Show in folder" },
  remove: { icon: "trash", tooltip: "Remove" },
};

/** A row's buttons as the editor takes them, each knowing what it does. */
export function quickButtons(
  buttons: readonly ModelButton[],
): (vscode.QuickInputButton & { readonly button: ModelButton })[] {
  return buttons.map((button) => {
    const { icon, tooltip } = modelButtonLooks[button.kind];
    return { iconPath: new vscode.ThemeIcon(icon), tooltip, button };
  });
}

/** Does what a button says that only shows something. */
export async function showWhatButtonNames(
  button: Exclude<ModelButton, { readonly kind: "remove" }>,
): Promise<void> {
  if (button.kind === "reveal") {
    await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(button.path));
  } else {
    await vscode.env.openExternal(vscode.Uri.parse(button.url, true));
  }
}
