import * as vscode from "vscode";
import type { EditorFacts } from "../server/protocol/editorFacts.ts";
import type { ServerState } from "./supervise.ts";

/** Gathers what only the editor knows. */
export function gatherEditorFacts(
  extension: vscode.Extension<unknown>,
  server: ServerState,
): EditorFacts {
  const manifest = extension.packageJSON as { readonly version?: unknown };
  return {
    editor: { name: vscode.env.appName, version: vscode.version },
    extensionVersion: String(manifest.version),
    side: "local",
    trusted: vscode.workspace.isTrusted,
    inlineSuggestEnabled: vscode.workspace
      .getConfiguration("editor.inlineSuggest")
      .get<boolean>("enabled", true),
    quickSuggestions: vscode.workspace.getConfiguration("editor").get("quickSuggestions"),
    completionExtensions: [],
    settings: {},
    server: { state: server.kind },
  };
}
