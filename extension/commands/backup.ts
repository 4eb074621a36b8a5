import { homedir } from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { backupRecordSchema } from "../../server/protocol/repair.ts";
import type { Command } from "./command.ts";

/** Asks where to, and saves settings, dismissed findings and statistics there. */
export const backup: Command = {
  async run({ runCli, facts }) {
    const day = new Date().toISOString().slice(0, 10);
    const place = await vscode.window.showSaveDialog({
      title: "Back Up StarCoder Local",
      saveLabel: "Back Up",
      defaultUri: vscode.Uri.file(path.join(homedir(), `starcoder-${day}.zip`)),
      filters: { "Zip files": ["zip"] },
    });
    if (place === undefined) return;
    // The dialog has asked whether a file that is there may be replaced.
    const args = ["backup", place.fsPath, "--force"];
    const { path: file, manifest } = await runCli(backupRecordSchema, { args, facts: facts() });
    const what = manifest.files.map(({ name }) => path.basename(name, ".json")).join(", ");
    const pressed = await vscode.window.showInformationMessage(
      `StarCoder saved ${what || "an empty backup"} in ${file}.`,
      "Show File",
    );
    if (pressed === "Show File") {
      await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(file));
    }
  },
};
