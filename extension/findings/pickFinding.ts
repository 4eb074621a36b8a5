import * as vscode from "vscode";
import type { ReviewFinding } from "../../server/protocol/review.ts";
import { toRange, type FindingActions } from "./findingActions.ts";
import { firstSentenceOf, formatConfidence, lineOf, nameOfRule } from "./reviewText.ts";

export interface PickFindingOptions {
  readonly editor: vscode.TextEditor;
  readonly uri: string;
  readonly findings: readonly ReviewFinding[];
  readonly actions: FindingActions;
}

interface FindingItem extends vscode.QuickPickItem {
  readonly finding: ReviewFinding;
}

const applyButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("lightbulb-autofix"),
  tooltip: "Apply the fix",
};
const dismissButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("close"),
  tooltip: "Dismiss: never show this finding again",
};

/**
 * Lists findings, the likeliest first. Moving through the list shows each in the editor; accepting
 * puts the cursor there, and leaving goes back to where the editor was.
 */
export function pickFinding({ editor, uri, findings, actions }: PickFindingOptions): Promise<void> {
  const picker = vscode.window.createQuickPick<FindingItem>();
  const mark = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
    border: "1px solid",
    borderColor: new vscode.ThemeColor("editor.findMatchHighlightBorder"),
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.findMatchForeground"),
  });
  const [viewed] = editor.visibleRanges;
  let accepted = false;

  picker.title = "Low-Confidence Findings";
  picker.placeholder = "Enter goes there; the buttons apply the fix or dismiss";
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = [...findings].sort((a, b) => b.confidence - a.confidence).map(itemOf);

  async function perform(item: FindingItem, button: vscode.QuickInputButton): Promise<void> {
    const place = { uri, finding: item.finding };
    const done =
      button === applyButton ? await actions.applyFix(place) : await actions.dismiss(place);
    if (button === applyButton) {
      // The places of the others may have moved: the list ends with the fix in view.
      accepted = done;
      picker.hide();
    } else if (done) {
      picker.items = picker.items.filter((other) => other !== item);
      if (picker.items.length === 0) {
        picker.hide();
      }
    }
  }

  return new Promise((resolve, reject) => {
    picker.onDidChangeActive(([item]) => {
      const ranges = item === undefined ? [] : [toRange(item.finding.range)];
      editor.setDecorations(mark, ranges);
      for (const range of ranges) {
        editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      }
    });
    picker.onDidAccept(() => {
      const [item] = picker.activeItems;
      if (item !== undefined) {
        accepted = true;
        actions.open({ uri, finding: item.finding }).catch(reject);
      }
      picker.hide();
    });
    picker.onDidTriggerItemButton(({ item, button }) => {
      perform(item, button).catch(reject);
    });
    picker.onDidHide(() => {
      mark.dispose();
      picker.dispose();
      if (!accepted && viewed !== undefined) {
        editor.revealRange(viewed, vscode.TextEditorRevealType.AtTop);
      }
      resolve();
    });
    picker.show();
  });
}

function itemOf(finding: ReviewFinding): FindingItem {
  return {
    finding,
    label: finding.message,
    description: `${nameOfRule(finding.rule)} · ${formatConfidence(finding.confidence)} · line ${lineOf(finding)}`,
    detail: firstSentenceOf(finding.why),
    buttons: [...(finding.fix === undefined ? [] : [applyButton]), dismissButton],
  };
}
