import * as vscode from "vscode";
import type { Command } from "./command.ts";

/** Asking by hand also revives a server that was given up on. */
export const trigger: Command = {
  unavailable: () =>
    vscode.window.activeTextEditor === undefined
      ? "Open a file first: a suggestion is made at its cursor."
      : undefined,
  async run({ status, supervisor }) {
    const { kind, summary } = status();
    if (kind === "off" || kind === "languageOff") {
      const command = kind === "off" ? "starcoder.toggle" : "starcoder.toggleLanguage";
      const turnOn = "Turn On";
      if ((await vscode.window.showInformationMessage(summary, turnOn)) === turnOn) {
        await vscode.commands.executeCommand(command);
      }
      return;
    }
    if (supervisor.state.kind === "failed") {
      await supervisor.restart();
    }
    if (supervisor.running === undefined) {
      vscode.window.setStatusBarMessage(`StarCoder: ${summary}`, 3_000);
      return;
    }
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
  },
};
