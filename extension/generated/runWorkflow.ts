import * as vscode from "vscode";
import { toCodedError } from "../../server/protocol/errors.ts";
import type { WorkflowParams } from "../../server/protocol/workflow.ts";
import type { CommandContext } from "../commands/command.ts";
import { serverDown } from "../findings/serverDown.ts";
import { showNotice } from "../showNotice.ts";
import { shortened } from "./askTask.ts";
import { progressText } from "./workflowText.ts";

/** What was asked for has a view, or was given up; else what went wrong. */
export type WorkflowEnd = "shown" | "cancelled" | ReturnType<typeof toCodedError>;

/**
 * Runs a task with progress that can be cancelled, and opens its result. Cancelling keeps the best
 * version so far.
 */
export async function runWorkflow(
  context: CommandContext,
  params: WorkflowParams,
): Promise<WorkflowEnd> {
  const { workflows, resultPanel, log } = context;
  const name = params.code === undefined ? "generating" : "revising";
  const what = params.task.trim() === "" ? "" : `: ${shortened(params.task, 50)}`;
  try {
    const result = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `StarCoder, ${name}${what}`,
        cancellable: true,
      },
      (progress, token) => {
        progress.report({ message: "— waiting for the model" });
        return workflows.run(
          params,
          (told) => progress.report({ message: `— ${progressText(told)}` }),
          token,
        );
      },
    );
    if (result === undefined) {
      const text = "StarCoder: cancelled before there was a version.";
      vscode.window.setStatusBarMessage(text, 5_000);
      return "cancelled";
    }
    const { uri, range, lead, code } = params;
    const kept = (await workflows.read(result.requestId).catch(() => undefined)) ?? {
      // It could not be kept, which the user was told: it is shown all the same.
      ...{
        result,
        ...(uri === undefined ? {} : { uri }),
        ...(range === undefined ? {} : { range }),
      },
      ...(lead === undefined ? {} : { lead }),
      ...(code === undefined ? {} : { original: code }),
    };
    await resultPanel.open(kept);
    return "shown";
  } catch (thrown) {
    const error = toCodedError(thrown);
    log.error(`${name}: ${error.code}: ${error.message}`);
    return error;
  }
}

/** Whether the server can be asked; where not, the user is told why. */
export async function canAsk({ supervisor }: CommandContext): Promise<boolean> {
  const down = serverDown(supervisor.state);
  if (down === undefined) return true;
  await showNotice(down);
  return false;
}
