import { stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { z } from "zod";
import { CodedError } from "../../server/protocol/errors.ts";
import { formatBytes } from "../../server/protocol/figures.ts";
import { logFileSchema } from "../../server/protocol/logs.ts";
import { lineAt } from "./lineAt.ts";

/** The editor opens no larger files for extensions. */
const mostBytes = 50 * 1024 * 1024;

/**
 * Opens a log file at the line that begins at `offset` bytes. One too large for the editor is shown
 * in its folder instead, and the user told so.
 * @throws CodedError `LOG_UNREADABLE`.
 */
export async function openLogFile(file: string, offset: number): Promise<object> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) {
      void vscode.window.showInformationMessage(
        `${path.basename(file)} has ${formatBytes(size)}, too much for the editor. Its folder is shown instead.`,
      );
      await showFolder(path.dirname(file), file);
      return {};
    }
    const line = await lineAt(file, offset);
    const at = new vscode.Position(line, 0);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    return {};
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("LOG_UNREADABLE", reason, thrown);
  }
}

const filesSchema = z.object({ folder: z.string(), files: z.array(logFileSchema) });

/** Shows the folder of the logs, which the reader names. */
export async function openLogFolder(answer: unknown): Promise<object> {
  const { folder, files } = filesSchema.parse(answer);
  await showFolder(folder, files[0]?.path ?? folder);
  return {};
}

/** In the system's file browser; where the editor runs in a browser, in its own dialog for files. */
async function showFolder(folder: string, file: string): Promise<void> {
  const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  if (isHere) {
    await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(file));
    return;
  }
  const [picked] =
    (await vscode.window.showOpenDialog({
      defaultUri: vscode.Uri.file(folder),
      title: "Log files",
      openLabel: "Open",
    })) ?? [];
  if (picked !== undefined) await openLogFile(picked.fsPath, 0);
}
