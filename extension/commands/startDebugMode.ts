import * as vscode from "vscode";
import { showDebugMode } from "../debugModeItem.ts";
import { fromServer } from "../fromServer.ts";
import type { Command } from "./command.ts";

const choices = [
  {
    label: "$(output) Log everything",
    description: "level debug, with the trace of each request",
    inspector: false,
  },
  {
    label: "$(debug-alt) Log everything and open inspector ports",
    description: "for a debugger on this machine, of language server and model host",
    inspector: true,
  },
] as const;

/** Logs everything and traces requests until it is ended or the window is closed. */
export const startDebugMode: Command = {
  async run({ debugMode }) {
    const picked = await vscode.window.showQuickPick(choices, {
      title: "StarCoder: Start Debug Mode",
      placeHolder:
        "It ends with this window at the latest; source text is logged only with log.source",
    });
    if (picked === undefined) return;
    let result;
    try {
      result = await debugMode.begin(picked.inspector);
    } catch (thrown) {
      throw fromServer(thrown);
    }
    void showDebugMode(result);
  },
};
