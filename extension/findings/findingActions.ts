import * as vscode from "vscode";
import type { Range, ReviewFinding } from "../../server/protocol/review.ts";
import { showNotice } from "../showNotice.ts";
import type { ServerState } from "../supervise.ts";
import { nameOfRule } from "./reviewText.ts";
import type { ReviewClient } from "./reviewClient.ts";
import { serverDown } from "./serverDown.ts";

/** A finding with the document it was made in. */
export interface PlacedFinding {
  readonly uri: string;
  readonly finding: ReviewFinding;
}

/** What can be done with a finding; each tells the user where it cannot be done. */
export interface FindingActions {
  /** Puts the cursor on it and shows it. */
  open(place: PlacedFinding): Promise<void>;
  /** Whether the fix was applied. */
  applyFix(place: PlacedFinding): Promise<boolean>;
  /** Whether it was dismissed. */
  dismiss(place: PlacedFinding): Promise<boolean>;
  /** Opens the rule's page. */
  explainRule(place: PlacedFinding): Promise<void>;
}

export interface FindingActionsOptions {
  readonly review: ReviewClient;
  readonly serverState: () => ServerState;
  readonly extensionUri: vscode.Uri;
}

export function createFindingActions(options: FindingActionsOptions): FindingActions {
  const { review, serverState, extensionUri } = options;
  return {
    async open({ uri, finding }) {
      const selection = toRange(finding.range);
      await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
    },
    async applyFix({ uri, finding }) {
      const target = vscode.Uri.parse(uri);
      const document = await vscode.workspace.openTextDocument(target);
      if (finding.fix === undefined) {
        return false;
      }
      if (document.getText(toRange(finding.range)) !== finding.written) {
        void vscode.window.showInformationMessage(
          "StarCoder: the code has changed meanwhile, so the fix was not applied. Save the file to have it reviewed again.",
        );
        return false;
      }
      const edit = new vscode.WorkspaceEdit();
      for (const { range, newText } of finding.fix.edits) {
        edit.replace(target, toRange(range), newText);
      }
      return vscode.workspace.applyEdit(edit);
    },
    async dismiss({ uri, finding }) {
      const down = serverDown(serverState());
      if (down !== undefined) {
        await showNotice(down);
        return false;
      }
      await review.dismiss({ uri, fingerprint: finding.fingerprint });
      return true;
    },
    async explainRule({ finding }) {
      const page = vscode.Uri.joinPath(
        extensionUri,
        ...["docs", "rules", `${nameOfRule(finding.rule)}.md`],
      );
      await vscode.commands.executeCommand("markdown.showPreview", page);
    },
  };
}

export function toRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
