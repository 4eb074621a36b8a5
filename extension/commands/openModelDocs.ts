import * as vscode from "vscode";
import type { Command } from "./command.ts";

/** Opens the walkthrough at the step that explains larger models; it needs no network. */
export const openModelDocs: Command = {
  async run({ extension }) {
    await vscode.commands.executeCommand(
      "workbench.action.openWalkthrough",
      { category: `${extension.id}#starcoder.start`, step: "model" },
      false,
    );
  },
};
