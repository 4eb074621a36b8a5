import * as vscode from "vscode";
import type { ReviewStatusView } from "./reviewStatus.ts";

/** The review's item beside StarCoder's own; hidden while there is nothing to say. */
export interface ReviewStatusItem {
  draw(view: ReviewStatusView | undefined): void;
  dispose(): void;
}

export function createReviewStatusItem(): ReviewStatusItem {
  const item = vscode.window.createStatusBarItem(
    "starcoder.review",
    vscode.StatusBarAlignment.Right,
    99.9,
  );
  item.name = "StarCoder Review";
  item.command = "starcoder.review.focus";
  return {
    draw(view) {
      if (view === undefined) {
        item.hide();
        return;
      }
      item.text = view.text;
      item.tooltip = new vscode.MarkdownString(view.tooltip);
      item.accessibilityInformation = { label: `StarCoder Review: ${view.summary}` };
      item.show();
    },
    dispose() {
      item.dispose();
    },
  };
}
