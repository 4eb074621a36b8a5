import * as vscode from "vscode";
import type { LateSuggestion } from "../server/protocol/editor.ts";

/** Suggestions that were ready only after the editor had been answered. */
export interface LateSuggestions {
  /** Has the editor ask again, if its cursor still is where the suggestion belongs. */
  offer(late: LateSuggestion): void;
  /** Whether a request is such a second asking: true once for each offer. */
  take(document: vscode.TextDocument): boolean;
}

/**
 * The stable API has no event by which a provider says that it has more, so the editor's own trigger
 * command is run. It asks as if by hand; `take` tells such a request from one that really was.
 */
export function createLateSuggestions(): LateSuggestions {
  let offered: LateSuggestion | undefined;
  return {
    offer(late) {
      const editor = vscode.window.activeTextEditor;
      if (editor === undefined || !isAt(editor, late)) return;
      offered = late;
      void vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    },
    take(document) {
      const taken =
        offered?.uri === document.uri.toString() && offered.version === document.version;
      offered = undefined;
      return taken;
    },
  };
}

function isAt({ document, selection }: vscode.TextEditor, late: LateSuggestion): boolean {
  return (
    document.uri.toString() === late.uri &&
    document.version === late.version &&
    selection.isEmpty &&
    selection.active.line === late.position.line &&
    selection.active.character === late.position.character
  );
}
