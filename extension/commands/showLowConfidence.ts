import * as vscode from "vscode";
import { pickFinding } from "../findings/pickFinding.ts";
import { serverDown } from "../findings/serverDown.ts";
import { showNotice } from "../showNotice.ts";
import type { Command } from "./command.ts";
import { noFileToReview } from "./reviewFile.ts";

export const showLowConfidence: Command = {
  unavailable: noFileToReview,
  async run({ review, supervisor, findingActions }) {
    const editor = vscode.window.activeTextEditor;
    const down = serverDown(supervisor.state);
    if (editor === undefined || down !== undefined) {
      await (down === undefined ? undefined : showNotice(down));
      return;
    }
    const uri = editor.document.uri.toString();
    const result = await review.refresh(uri);
    const findings = result?.findings.filter(({ shown }) => !shown) ?? [];
    if (findings.length > 0) {
      await pickFinding({ editor, uri, findings, actions: findingActions });
      return;
    }
    const reviewNow = "Review This File";
    const pressed = await vscode.window.showInformationMessage(
      result === undefined
        ? "StarCoder: this file was not reviewed yet."
        : "StarCoder: there are no low-confidence findings in this file.",
      ...(result === undefined ? [reviewNow] : []),
    );
    if (pressed === reviewNow) {
      await vscode.commands.executeCommand("starcoder.reviewFile");
    }
  },
};
