import * as vscode from "vscode";
import { runReview } from "../findings/runReview.ts";
import type { Command } from "./command.ts";
import { noFileToReview } from "./reviewFile.ts";

/** Whole lines: those that the selection touches, or the cursor's. */
export const reviewSelection: Command = {
  unavailable: noFileToReview,
  async run(context) {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
      return;
    }
    const { document, selection } = editor;
    const endsBefore = !selection.isSingleLine && selection.end.character === 0;
    const last = selection.end.line - (endsBefore ? 1 : 0);
    const range = {
      start: { line: selection.start.line, character: 0 },
      end: { line: last, character: document.lineAt(last).text.length },
    };
    await runReview(context, document, { range }, "the selected lines of");
  },
};
