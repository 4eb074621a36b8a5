import * as vscode from "vscode";
import { cursorNotification, type CursorParams } from "../server/protocol/editor.ts";
import type { Clock } from "./clock.ts";

/**
 * Tells the server where the cursor rests, so that it can warm the prompt of the next key. Sends at
 * most once per rest of `restMs`.
 */
export function watchRestingCursor(
  clock: Clock,
  restMs: number,
  isWanted: (document: vscode.TextDocument) => boolean,
  send: (method: string, params: CursorParams) => void,
): vscode.Disposable {
  let cancel = () => {};
  const schedule = (editor: vscode.TextEditor | undefined) => {
    cancel();
    if (editor === undefined || !isWanted(editor.document)) {
      return;
    }
    cancel = clock.after(restMs, () => {
      const { document, selection } = editor;
      if (editor === vscode.window.activeTextEditor && selection.isEmpty && !document.isClosed) {
        const { line, character } = selection.active;
        send(cursorNotification.method, {
          textDocument: { uri: document.uri.toString() },
          position: { line, character },
        });
      }
    });
  };
  schedule(vscode.window.activeTextEditor);
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(schedule),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (textEditor === vscode.window.activeTextEditor) {
        schedule(textEditor);
      }
    }),
    new vscode.Disposable(() => {
      cancel();
    }),
  );
}
