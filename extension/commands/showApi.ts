import * as vscode from "vscode";
import { apiRecordSchema, type ApiRecord } from "../../server/protocol/api.ts";
import { apiExample, apiRows, type ApiRow } from "../apiRows.ts";
import { showFailure } from "../showFailure.ts";
import type { Command, CommandContext } from "./command.ts";

/** Where the loopback API stands, and what can be done with it. */
export const showApi: Command = {
  async run(context) {
    const { settings } = context;
    try {
      const record = await ask(context, "--status");
      const enabled = settings.current["http.enabled"];
      const picked = await vscode.window.showQuickPick(apiRows(record, enabled), {
        title: "StarCoder: API for scripts and other editors",
        placeHolder: placeHolderOf(record, enabled),
      });
      if (picked !== undefined) await act(picked.does, context, record);
    } catch (thrown) {
      await showFailure(thrown);
    }
  },
};

function ask({ runCli, settings }: CommandContext, ...args: readonly string[]): Promise<ApiRecord> {
  const port = String(settings.current["http.port"]);
  return runCli(apiRecordSchema, { args: ["serve", "--port", port, ...args] });
}

function placeHolderOf({ serving, address = "" }: ApiRecord, enabled: boolean): string {
  if (serving) return `Served at ${address}`;
  return enabled ? `Starting at ${address}` : "Off";
}

async function act(
  does: ApiRow["does"],
  context: CommandContext,
  record: ApiRecord,
): Promise<void> {
  const { extension, settings } = context;
  switch (does) {
    case "toggle":
      await settings.write("http.enabled", !settings.current["http.enabled"]);
      return;
    case "copyAddress":
      await copy(record.address ?? "", "The address is in the clipboard.");
      return;
    case "copyKey": {
      const { key = "" } = await ask(context, "--show-key");
      await copy(key, "The key is in the clipboard.");
      return;
    }
    case "rotateKey": {
      const rotate = "Make a New Key";
      const answer = await vscode.window.showWarningMessage(
        "Make a new key for the API? Programs that have the old one are refused at once.",
        { modal: true },
        rotate,
      );
      if (answer !== rotate) return;
      await ask(context, "--rotate-key");
      void vscode.window.showInformationMessage("The API has a new key.");
      return;
    }
    case "copyExample":
      await copy(apiExample(record), "The example is in the clipboard.");
      return;
    case "openDocs":
      await vscode.commands.executeCommand(
        "markdown.showPreview",
        vscode.Uri.joinPath(extension.extensionUri, "docs", "api.md"),
      );
  }
}

async function copy(text: string, said: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(said, 5000);
}
