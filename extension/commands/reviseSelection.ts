import * as vscode from "vscode";
import { errorActionCommands } from "../../server/protocol/commands.ts";
import type { CodedError } from "../../server/protocol/errors.ts";
import { longestCode, type WorkflowParams } from "../../server/protocol/workflow.ts";
import { isServedScheme } from "../schemes.ts";
import { showFailure } from "../showFailure.ts";
import { linesOf, toRange } from "../generated/askTask.ts";
import { canAsk, runWorkflow } from "../generated/runWorkflow.ts";
import { askText } from "../generated/steps.ts";
import { withoutBlanks } from "../generated/taskPlace.ts";
import type { Command, CommandContext } from "./command.ts";

/** Reviews the selected code and changes it as told, or by the review alone. */
export const reviseSelection: Command = {
  unavailable() {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || !isServedScheme(editor.document.uri.scheme)) {
      return "Open a file and select the code that is to be revised.";
    }
    if (editor.document.getText(editor.selection).trim() === "") {
      return "Select the code that is to be revised first.";
    }
    return undefined;
  },
  async run(context) {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined || !(await canAsk(context))) return;
    const { document, selection } = editor;
    const range = withoutBlanks(linesOf(document), toRange(selection));
    const { start, end } = range;
    const code = document.getText(
      new vscode.Range(start.line, start.character, end.line, end.character),
    );
    if (code.length > longestCode) {
      void vscode.window.showInformationMessage(
        "StarCoder: this selection is too long to be revised at once. Select less.",
      );
      return;
    }
    const answer = await askText({
      ...{ title: "Revise Selection", step: 1, totalSteps: 1, value: "" },
      placeholder: "What is to change?",
      prompt: promptOf(context),
    });
    if (answer?.kind !== "answered") return;
    const uri = document.uri.toString();
    const params = { task: answer.value.trim(), language: document.languageId, uri, range, code };
    const ended = await runWorkflow(context, params);
    if (ended instanceof Error) void tell(context, ended, params);
  },
};

/** Base models go on with code; what they can do here is the review, which needs no instruction. */
function promptOf({ service }: CommandContext): string {
  return service()?.model?.starter === true
    ? "The bundled model follows no instructions: leave this empty, and it reviews the code and applies the fixes it finds."
    : "Leave it empty to review the code and apply the fixes that are found.";
}

const byReview = "Revise by Review Alone";

async function tell(
  context: CommandContext,
  error: CodedError,
  params: WorkflowParams,
): Promise<void> {
  if (error.code !== "MODEL_NOT_INSTRUCT" || params.task === "") {
    await showFailure(error);
    return;
  }
  const choose = errorActionCommands.chooseModel;
  const pressed = await vscode.window.showWarningMessage(
    "StarCoder: this model goes on with code and follows no instructions. It can review the selection and apply the fixes that it finds; to change code as told it takes an instruction-tuned model.",
    byReview,
    choose.label,
  );
  if (pressed === choose.label) await vscode.commands.executeCommand(choose.command);
  if (pressed !== byReview) return;
  const ended = await runWorkflow(context, { ...params, task: "" });
  if (ended instanceof Error) await showFailure(ended);
}
