import * as vscode from "vscode";
import type { Command } from "./command.ts";

export const openSettings: Command = {
  async run({ extension }) {
    await vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${extension.id}`);
  },
};
