import * as vscode from "vscode";
import { errorActionCommands, type CommandId } from "../../server/protocol/commands.ts";
import { commonViewRequests } from "../../server/protocol/webview.ts";

/**
 * Answers a request that every view may make; undefined: it is none of them. Commands are started
 * and not waited for: a remedy may ask the user something, or take minutes.
 */
export async function answerCommonRequest(
  method: string,
  params: unknown,
): Promise<object | undefined> {
  switch (method) {
    case "act": {
      const { action } = commonViewRequests.act.parse(params);
      void vscode.commands.executeCommand(errorActionCommands[action].command);
      return {};
    }
    case "copy":
      await vscode.env.clipboard.writeText(commonViewRequests.copy.parse(params).text);
      return {};
    case "openFile": {
      const { path, offset } = commonViewRequests.openFile.parse(params);
      const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
      const at = document.positionAt(offset ?? 0);
      await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
      return {};
    }
    case "showLogs": {
      const { filter } = commonViewRequests.showLogs.parse(params);
      const command: CommandId = "starcoder.showLogs";
      void vscode.commands.executeCommand(command, filter);
      return {};
    }
    default:
      return undefined;
  }
}
