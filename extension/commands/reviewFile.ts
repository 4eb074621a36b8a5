import * as vscode from "vscode";
import { runReview } from "../findings/runReview.ts";
import type { Command } from "./command.ts";

/** Why there is nothing to review, as a sentence for the user. */
export function noFileToReview(): string | undefined {
  return vscode.window.activeTextEditor === undefined
    ? "Open a file first: StarCoder reviews the active one."
    : undefined;
}

export const reviewFile: Command = {
  unavailable: noFileToReview,
  async run(context) {
    const editor = vscode.window.activeTextEditor;
    if (editor !== undefined) {
      await runReview(context, editor.document, "file", "all of");
    }
  },
};
