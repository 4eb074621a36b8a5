import * as vscode from "vscode";
import { showFailure } from "../showFailure.ts";
import { askTask } from "../generated/askTask.ts";
import { canAsk, runWorkflow } from "../generated/runWorkflow.ts";
import type { Command } from "./command.ts";

/** Asks for a task and a place, and shows what the model wrote for it. */
export const generateCode: Command = {
  async run(context) {
    if (!(await canAsk(context))) return;
    const params = await askTask(vscode.window.activeTextEditor);
    if (params === undefined) return;
    const end = await runWorkflow(context, params);
    // Not awaited: a command ends with its message shown, not when it is closed.
    if (end instanceof Error) void showFailure(end);
  },
};
