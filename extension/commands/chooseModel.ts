import * as vscode from "vscode";
import type { Command } from "./command.ts";

export const chooseModel: Command = {
  async run({ settings, notices }) {
    const [file] =
      (await vscode.window.showOpenDialog({
        title: "Choose a GGUF Model for StarCoder",
        openLabel: "Use This Model",
        canSelectMany: false,
        filters: { "GGUF models": ["gguf"] },
      })) ?? [];
    if (file !== undefined) {
      notices.reset();
      await settings.write("model.path", file.fsPath);
    }
  },
};
