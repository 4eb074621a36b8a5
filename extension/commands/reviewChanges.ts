import * as vscode from "vscode";
import { runReview } from "../findings/runReview.ts";
import type { Command } from "./command.ts";
import { noFileToReview } from "./reviewFile.ts";

export const reviewChanges: Command = {
  unavailable: noFileToReview,
  async run(context) {
    const editor = vscode.window.activeTextEditor;
    if (editor !== undefined) {
      await runReview(context, editor.document, "changed", "the changes of");
    }
  },
};
