import * as vscode from "vscode";
import { askToken } from "../modelChoice/askToken.ts";
import type { Command } from "./command.ts";

/** Keeps the model hub's access token in the editor's secret storage, or forgets it. */
export const setHubToken: Command = {
  async run({ models }) {
    const done = await askToken(models.hubToken);
    if (done !== undefined) {
      void vscode.window.showInformationMessage(
        done === "kept"
          ? "StarCoder keeps the access token and uses it with the next download."
          : "StarCoder has forgotten the access token.",
      );
    }
  },
};
