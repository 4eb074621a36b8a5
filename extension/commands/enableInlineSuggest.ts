import * as vscode from "vscode";
import type { Command } from "./command.ts";

/** Turns the editor's inline suggestions on, wherever they are turned off. */
export const enableInlineSuggest: Command = {
  async run() {
    const configuration = vscode.workspace.getConfiguration("editor");
    const key = "inlineSuggest.enabled";
    const places = configuration.inspect<boolean>(key);
    if (places?.workspaceFolderValue === false) {
      await configuration.update(key, undefined, vscode.ConfigurationTarget.WorkspaceFolder);
    }
    if (places?.workspaceValue === false) {
      await configuration.update(key, true, vscode.ConfigurationTarget.Workspace);
    }
    if (places?.globalValue !== true) {
      await configuration.update(key, true, vscode.ConfigurationTarget.Global);
    }
    const isOn = vscode.workspace.getConfiguration("editor").get<boolean>(key) === true;
    vscode.window.setStatusBarMessage(
      isOn
        ? "The editor shows inline suggestions."
        : "editor.inlineSuggest.enabled is still off: a policy or another setting decides.",
      5_000,
    );
  },
};
