import { basename } from "node:path";
import * as vscode from "vscode";
import { backupRecordSchema } from "../../server/protocol/repair.ts";
import { settingsPrefix } from "../../server/protocol/settings.ts";
import type { Command, CommandContext } from "./command.ts";
import { compareSettings } from "./restoredSettings.ts";

/** Asks which backup, restores it, and asks again before it writes settings. */
export const restore: Command = {
  async run(context) {
    const [file] =
      (await vscode.window.showOpenDialog({
        title: "Restore StarCoder Local",
        openLabel: "Restore",
        filters: { "Zip files": ["zip"] },
      })) ?? [];
    if (file === undefined) return;
    const agreed = await vscode.window.showWarningMessage(
      `Restore ${basename(file.fsPath)}?`,
      {
        modal: true,
        detail:
          "Dismissed findings, statistics, added models and the choice of the model become what they were; generated results come back. What is there now is saved first.",
      },
      "Restore",
    );
    if (agreed !== "Restore") return;
    const { runCli, facts } = context;
    const args = ["restore", file.fsPath];
    const record = await runCli(backupRecordSchema, { args, facts: facts() });
    const written = await restoreSettings(record.settings ?? {}, context);
    const before = record.previous === undefined ? "" : ` What was there is in ${record.previous}.`;
    const left = (record.leftOut ?? []).map(({ name, reason }) => ` Not ${name}: ${reason}.`);
    void vscode.window.showInformationMessage(
      `StarCoder restored ${basename(file.fsPath)}. ${written}${left.join("")}${before}`,
    );
  },
};

/** Says what was written. */
async function restoreSettings(
  restored: Readonly<Record<string, unknown>>,
  { settings }: CommandContext,
): Promise<string> {
  const { changes, refused } = compareSettings(restored, settings.current);
  const left = refused.length === 0 ? "" : ` Not usable here: ${refused.join(", ")}.`;
  if (changes.length === 0) return `Settings are as they were.${left}`;
  const lines = changes.map(
    ({ key, value }) => `${settingsPrefix}.${key}: ${JSON.stringify(value)}`,
  );
  const pressed = await vscode.window.showWarningMessage(
    `Write ${String(changes.length)} settings of the backup to your settings?`,
    { modal: true, detail: lines.join("\n") },
    "Write Settings",
  );
  if (pressed !== "Write Settings") return `Your settings were not changed.${left}`;
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  for (const { key, value } of changes) {
    await configuration.update(key, value, vscode.ConfigurationTarget.Global);
  }
  return `Written to your settings: ${changes.map(({ key }) => key).join(", ")}.${left}`;
}
