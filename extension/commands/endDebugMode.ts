import * as vscode from "vscode";
import { fromServer } from "../fromServer.ts";
import type { Command } from "./command.ts";

/** Restores the level and closes the inspector ports. */
export const endDebugMode: Command = {
  async run({ debugMode }) {
    try {
      await debugMode.end();
    } catch (thrown) {
      throw fromServer(thrown);
    }
    vscode.window.setStatusBarMessage("StarCoder: debug mode has ended.", 3_000);
  },
};
