import * as vscode from "vscode";
import { CodedError } from "../../server/protocol/errors.ts";
import { repairRecordSchema, type RepairRecord } from "../../server/protocol/repair.ts";
import type { Command, CommandContext } from "./command.ts";

/** Makes the native library and the caches anew, step by step, in the command line's process. */
export const rebuild: Command = {
  async run(context) {
    context.notices.reset();
    const record = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: "StarCoder: Rebuilding",
        cancellable: true,
      },
      (progress, token) => runRebuild(context, token, (message) => progress.report({ message })),
    );
    if (record === undefined) return;
    for (const { title, status, message } of record.steps) {
      context.log.info(`Rebuild: ${title}: ${status}. ${message}`);
    }
    const failed = record.steps.find(({ status }) => status === "failed");
    if (failed !== undefined) {
      const error = new CodedError(failed.code ?? "REBUILD_FAILED");
      // The step's message begins with that of the table.
      error.message = `${failed.title}: ${failed.message}`;
      throw error;
    }
    await context.untilReady();
    const tried = record.steps.find(({ name }) => name === "completion")?.message ?? "";
    void vscode.window.showInformationMessage(`StarCoder was rebuilt. ${tried}`);
  },
};

/** Undefined where the user cancelled it. */
async function runRebuild(
  { runCli, facts, supervisor, log }: CommandContext,
  token: vscode.CancellationToken,
  report: (message: string) => void,
): Promise<RepairRecord | undefined> {
  const abort = new AbortController();
  const cancelled = token.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    const call = { args: ["rebuild"], facts: facts(), signal: abort.signal };
    const record = await runCli(repairRecordSchema, {
      ...call,
      onNote(line) {
        log.info(line);
        report(line.trim());
      },
    });
    // A server that was given up is nobody's to restart but ours.
    if (supervisor.state.kind === "failed") await supervisor.restart();
    return record;
  } catch (error) {
    if (abort.signal.aborted) return undefined;
    throw error;
  } finally {
    cancelled.dispose();
  }
}
