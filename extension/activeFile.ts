import * as vscode from "vscode";
import { isServedScheme } from "./schemes.ts";

/**
 * The file that people work on: the active editor's, also while the cursor is in an output panel,
 * which the editor counts as a text editor of its own.
 */
export interface ActiveFile {
  readonly uri: vscode.Uri | undefined;
  readonly onChange: vscode.Event<undefined>;
  dispose(): void;
}

export function followActiveFile(): ActiveFile {
  const changes = new vscode.EventEmitter<undefined>();
  let uri = fileOf(vscode.window.activeTextEditor);
  const subscription = vscode.window.onDidChangeActiveTextEditor((editor) => {
    if (editor === undefined || fileOf(editor) !== undefined) {
      uri = fileOf(editor);
      changes.fire(undefined);
    }
  });
  return {
    get uri() {
      return uri;
    },
    onChange: changes.event,
    dispose() {
      subscription.dispose();
      changes.dispose();
    },
  };
}

function fileOf(editor: vscode.TextEditor | undefined): vscode.Uri | undefined {
  const uri = editor?.document.uri;
  return uri !== undefined && isServedScheme(uri.scheme) ? uri : undefined;
}
