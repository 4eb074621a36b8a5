import * as vscode from "vscode";
import { z } from "zod";
import { errorActionCommands } from "../../server/protocol/commands.ts";
import type { CommandId } from "../../server/protocol/commands.ts";
import { canAsk } from "../generated/runWorkflow.ts";
import { resultRow } from "../generated/workflowText.ts";
import { withArgument, type CommandContext } from "./command.ts";

/** Lists what was generated, newest first, and opens one; with an id, that one. */
export const showResults = withArgument(
  z.object({ requestId: z.string() }),
  async (context, argument) => {
    if (!(await canAsk(context))) return;
    const requestId = argument?.requestId ?? (await pick(context));
    if (requestId === undefined) return;
    const kept = await context.workflows.read(requestId);
    if (kept !== undefined) {
      await context.resultPanel.open(kept);
      return;
    }
    const pressed = await vscode.window.showWarningMessage(
      "StarCoder: this result is not there any more, or its file is damaged.",
      errorActionCommands.showLog.label,
    );
    if (pressed !== undefined) {
      await vscode.commands.executeCommand(errorActionCommands.showLog.command);
    }
  },
);

const generate = "Generate Code…";

async function pick({ workflows }: CommandContext): Promise<string | undefined> {
  const summaries = await workflows.list();
  if (summaries.length === 0) {
    const pressed = await vscode.window.showInformationMessage(
      "StarCoder: nothing was generated or revised yet.",
      generate,
    );
    const command: CommandId = "starcoder.generateCode";
    if (pressed === generate) await vscode.commands.executeCommand(command);
    return undefined;
  }
  const now = Date.now();
  const picked = await vscode.window.showQuickPick(
    summaries.map((summary) => ({ ...resultRow(summary, now), requestId: summary.requestId })),
    {
      title: "Generated Results",
      placeHolder: "Which one is to be shown?",
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  return picked?.requestId;
}
