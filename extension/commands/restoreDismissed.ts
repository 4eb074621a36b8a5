import * as vscode from "vscode";
import { serverDown } from "../findings/serverDown.ts";
import { showNotice } from "../showNotice.ts";
import type { Command } from "./command.ts";

export const restoreDismissed: Command = {
  async run({ review, supervisor }) {
    const down = serverDown(supervisor.state);
    if (down !== undefined) {
      await showNotice(down);
      return;
    }
    await review.dismiss({ restore: "all" });
    const again = "Review This File";
    const pressed = await vscode.window.showInformationMessage(
      "StarCoder: dismissed findings are shown again, in files as they are reviewed.",
      ...(vscode.window.activeTextEditor === undefined ? [] : [again]),
    );
    if (pressed === again) {
      await vscode.commands.executeCommand("starcoder.reviewFile");
    }
  },
};
