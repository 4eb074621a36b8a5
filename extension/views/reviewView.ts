import * as vscode from "vscode";
import type { PlacedFinding } from "../findings/findingActions.ts";
import type { ReviewRow } from "./reviewTree.ts";

export const reviewViewId = "starcoder.review";
/** Goes to a row's finding; only rows run it. */
export const openFindingCommand = "starcoder.review.openFinding";

/** The view “StarCoder Review” of the active file. */
export interface ReviewView {
  /** Replaces all rows; `title` names the file, `badge` is the number on the tab. */
  draw(rows: readonly ReviewRow[], title: string | undefined, badge: number): void;
  dispose(): void;
}

/** What a row's buttons hand to their command. */
export function placeOfRow(row: unknown): PlacedFinding | undefined {
  return typeof row === "object" && row !== null && "place" in row
    ? (row as ReviewRow).place
    : undefined;
}

export function createReviewView(): ReviewView {
  const changes = new vscode.EventEmitter<undefined>();
  let current: readonly ReviewRow[] = [];
  const view = vscode.window.createTreeView<ReviewRow>(reviewViewId, {
    treeDataProvider: {
      onDidChangeTreeData: changes.event,
      getChildren: (row) => [...(row === undefined ? current : (row.children ?? []))],
      getTreeItem: itemOf,
    },
  });
  return {
    draw(rows, title, badge) {
      // A tree that is renewed while it is still being filled may lose rows: only for other ones.
      const areSame = JSON.stringify(rows) === JSON.stringify(current);
      if (!areSame) current = rows;
      view.description = title ?? "";
      view.badge =
        badge === 0
          ? undefined
          : { value: badge, tooltip: `${badge} finding${badge === 1 ? "" : "s"}` };
      if (!areSame) changes.fire(undefined);
    },
    dispose() {
      view.dispose();
      changes.dispose();
    },
  };
}

const folds = {
  open: vscode.TreeItemCollapsibleState.Expanded,
  closed: vscode.TreeItemCollapsibleState.Collapsed,
};

function itemOf(row: ReviewRow): vscode.TreeItem {
  const item = new vscode.TreeItem(
    row.label,
    row.fold === undefined ? vscode.TreeItemCollapsibleState.None : folds[row.fold],
  );
  item.id = row.id;
  item.tooltip = row.tooltip ?? row.label;
  if (row.description !== undefined) {
    item.description = row.description;
  }
  if (row.icon !== undefined) {
    item.iconPath =
      row.color === undefined
        ? new vscode.ThemeIcon(row.icon)
        : new vscode.ThemeIcon(row.icon, new vscode.ThemeColor(row.color));
  }
  if (row.place !== undefined) {
    item.contextValue = row.place.finding.fix === undefined ? "finding" : "finding fix";
    item.command = { command: openFindingCommand, title: "Go There", arguments: [row.place] };
  }
  return item;
}
