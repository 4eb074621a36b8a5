import * as vscode from "vscode";
import { formatFiles } from "../../server/protocol/figures.ts";
import { resetRecordSchema, type ResetRecord } from "../../server/protocol/repair.ts";
import { settingKeys, settingsPrefix } from "../../server/protocol/settings.ts";
import type { Command, CommandContext } from "./command.ts";

/** Names what it deletes, asks, deletes, and asks separately for settings. */
export const reset: Command = {
  async run(context) {
    const { runCli, facts, supervisor, untilReady, notices } = context;
    const plan = await runCli(resetRecordSchema, { args: ["reset", "--plan", "--models"] });
    const models = plan.items.find(({ path }) => /[\\/]models$/.test(path));
    const pressed = await vscode.window.showWarningMessage(
      "Reset StarCoder Local to a clean state?",
      { modal: true, detail: detailOf(plan, models) },
      "Delete",
      ...(models === undefined ? [] : ["Delete Models Too"]),
    );
    if (pressed === undefined) return;
    notices.reset();
    const record = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "StarCoder: Resetting" },
      async (progress) => {
        const args = ["reset", "--yes", ...(pressed === "Delete Models Too" ? ["--models"] : [])];
        const done = await runCli(resetRecordSchema, { args, facts: facts() });
        progress.report({ message: "starting anew" });
        if (supervisor.state.kind !== "running") await supervisor.restart();
        return done;
      },
    );
    const saved = record.backup === undefined ? "" : ` A backup is in ${record.backup}.`;
    void askForSettings(`StarCoder was reset.${saved}`, context);
    await untilReady();
  },
};

function detailOf(plan: ResetRecord, models: ResetRecord["items"][number] | undefined): string {
  const items = plan.items.filter((item) => item !== models);
  const lines = items.map(({ name, files, bytes }) => `${name}: ${formatFiles(files, bytes)}`);
  return [
    ...(lines.length === 0 ? ["There is nothing to delete."] : ["This deletes:", ...lines]),
    "",
    models === undefined
      ? "There are no downloaded models."
      : `Models stay unless you say so: ${formatFiles(models.files, models.bytes)}.`,
    `A backup of what can be restored is made first. Place: ${plan.home}`,
  ].join("\n");
}

/** Settings are the user's own: they are a question of their own. */
async function askForSettings(message: string, { settings }: CommandContext): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  const set = settingKeys.filter((key) => {
    const places = configuration.inspect(key);
    return places?.globalValue !== undefined || places?.workspaceValue !== undefined;
  });
  const clear = "Clear Settings Too";
  const buttons = set.length === 0 ? [] : [clear];
  const pressed = await vscode.window.showInformationMessage(message, ...buttons);
  if (pressed !== clear) return;
  for (const key of set) await settings.clear(key);
  void vscode.window.showInformationMessage(`Cleared: ${set.join(", ")}.`);
}
