import { homedir } from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { backupRecordSchema } from "../../server/protocol/repair.ts";
import type { Command } from "./command.ts";

/** Asks where to, and saves settings, dismissed findings, statistics and results there. */
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
    const names = manifest.files.map(({ name }) =>
      name.startsWith("workflows/") ? "generated results" : path.basename(name, ".json"),
    );
    const what = [...new Set(names)].join(", ");
    const pressed = await vscode.window.showInformationMessage(
      `StarCoder saved ${what || "an empty backup"} in ${file}.`,
      "Show File",
    );
    if (pressed === "Show File") {
      await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(file));
    }
  },
};
