import * as vscode from "vscode";
import type { StatusView } from "./statusView.ts";

const backgrounds = {
  none: undefined,
  warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
  error: new vscode.ThemeColor("statusBarItem.errorBackground"),
};

/** The status item; `draw` replaces all of it. */
export interface StatusItem {
  draw(view: StatusView): void;
  dispose(): void;
}

export function createStatusItem(): StatusItem {
  const item = vscode.window.createStatusBarItem(
    "starcoder.status",
    vscode.StatusBarAlignment.Right,
    100,
  );
  item.name = "StarCoder Local";
  item.command = "starcoder.showMenu";
  let drawn: StatusView | undefined;
  return {
    draw(view) {
      if (drawn?.text === view.text && drawn.tooltip === view.tooltip) {
        return;
      }
      drawn = view;
      item.text = view.text;
      item.tooltip = tooltipOf(view.tooltip);
      item.backgroundColor = backgrounds[view.emphasis];
      item.accessibilityInformation = { label: `StarCoder: ${view.summary}`, role: "button" };
      item.show();
    },
    dispose() {
      item.dispose();
    },
  };
}

function tooltipOf(markdown: string): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString(markdown, true);
  tooltip.isTrusted = { enabledCommands: ["starcoder.openModelDocs"] };
  return tooltip;
}
