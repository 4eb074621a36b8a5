import * as vscode from "vscode";
import { menuOf, type MenuEntry } from "../menu.ts";
import type { Command } from "./command.ts";

export const showMenu: Command = {
  async run(context) {
    const { settings, snooze, status, model, models, service, reviewStatus } = context;
    const said = service();
    const entries = menuOf({
      status: status(),
      settings: settings.current,
      languageId: vscode.window.activeTextEditor?.document.languageId,
      snoozeMinutes: snooze.minutesLeft(),
      model: model(),
      starter: said?.model?.starter !== false && settings.current["model.path"] === "",
      downloads: models.fetching.size,
      gpuProblem: said?.backend?.requested === "remote" ? undefined : said?.backend?.fallbackReason,
      endpoints: said?.endpoints,
      review: reviewStatus()?.summary,
    });
    const picked = await vscode.window.showQuickPick(entries.map(itemOf), {
      title: "StarCoder Local",
      placeHolder: status().summary,
    });
    if (picked?.command !== undefined) {
      await vscode.commands.executeCommand(picked.command);
    }
  },
};

function itemOf(entry: MenuEntry) {
  return entry.kind === "separator"
    ? { label: entry.label, kind: vscode.QuickPickItemKind.Separator, command: undefined }
    : {
        label: `$(${entry.icon}) ${entry.label}`,
        ...(entry.description === undefined ? {} : { description: entry.description }),
        command: entry.command,
      };
}
