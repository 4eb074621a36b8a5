import * as vscode from "vscode";
import type { PlaceDocument } from "./resultSession.ts";
import { withLineFeeds } from "./resultText.ts";

/** The document at an address, as a place for results. What is done to it can be undone. */
export function editorDocument(address: string): PlaceDocument {
  const uri = vscode.Uri.parse(address);
  let text = "";
  return {
    name: vscode.workspace.asRelativePath(uri),
    async read() {
      const document = await openDocument(uri);
      if (document === undefined) return undefined;
      text = withLineFeeds(document.getText());
      return text;
    },
    async replace(start, end, fresh) {
      const edit = new vscode.WorkspaceEdit();
      const range = new vscode.Range(positionAt(text, start), positionAt(text, end));
      edit.replace(uri, range, fresh);
      return vscode.workspace.applyEdit(edit);
    },
    offsetOf(all, { line, character }) {
      let at = 0;
      for (let passed = 0; passed < line; passed++) {
        const next = all.indexOf("\n", at);
        if (next < 0) return all.length;
        at = next + 1;
      }
      const end = all.indexOf("\n", at);
      return Math.min(at + character, end < 0 ? all.length : end);
    },
  };
}

/** A document that is open, or can be opened; one that was never saved is gone when it is closed. */
async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const open = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString() && !document.isClosed,
  );
  if (open !== undefined || uri.scheme === "untitled") return open;
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/** The same line and character whatever the document's line breaks are. */
export function positionAt(text: string, offset: number): vscode.Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return new vscode.Position(line, offset - (before.lastIndexOf("\n") + 1));
}

/** Shows a place of a document, in the column where the document is, without taking the focus. */
export async function showPlace(
  address: string,
  range: vscode.Range | undefined,
  preserveFocus: boolean,
): Promise<void> {
  const uri = vscode.Uri.parse(address);
  const document = await openDocument(uri);
  if (document === undefined) return;
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const tab = vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(
      ({ input }) =>
        input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
    ),
  );
  const editor = await vscode.window.showTextDocument(document, {
    preserveFocus,
    viewColumn: shown?.viewColumn ?? tab?.viewColumn ?? vscode.ViewColumn.One,
  });
  if (range === undefined) return;
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  if (!preserveFocus) editor.selection = new vscode.Selection(range.start, range.start);
}
