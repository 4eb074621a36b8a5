import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { reportRecordSchema, type ReportRecord } from "../../server/protocol/records.ts";
import type { Command, CommandContext } from "./command.ts";

const choices = {
  open: "Open Issue Reporter",
  save: "Save Zip…",
  copy: "Copy",
} as const;

/** Writes a report, shows it, and passes it on only as the user says. */
export const reportIssue: Command = {
  async run(context) {
    const report = await makeReport(context);
    if (report === undefined) return;
    const page = await showPage(report.markdown);
    await passOn(context, page, report.redactions);
  },
};

/** `undefined`: the user gave it up. */
async function makeReport(context: CommandContext): Promise<ReportRecord | undefined> {
  return await inProgress("Writing a report", async (signal) => {
    const facts = context.facts();
    return await context.runCli(reportRecordSchema, { args: ["report"], facts, signal });
  });
}

async function showPage(markdown: string): Promise<vscode.TextDocument> {
  const page = await vscode.workspace.openTextDocument({ language: "markdown", content: markdown });
  await vscode.window.showTextDocument(page, { preview: false });
  return page;
}

async function passOn(
  context: CommandContext,
  page: vscode.TextDocument,
  redactions: number,
): Promise<void> {
  const hidden = redactions === 1 ? "1 place was" : `${String(redactions)} places were`;
  const message = `This is the report; ${hidden} hidden in it. Look it over and fill it in. Nothing leaves this machine unless you pass it on.`;
  const choice = await vscode.window.showInformationMessage(message, ...Object.values(choices));
  // As it stands now, with what the user has written or taken out.
  const body = page.getText();
  if (choice === choices.open) await openIssueReporter(context, body);
  if (choice === choices.copy) await copy(body, "The report is on the clipboard.");
  if (choice === choices.save) await saveZip(context, body);
}

async function openIssueReporter(context: CommandContext, issueBody: string): Promise<void> {
  try {
    await vscode.commands.executeCommand("workbench.action.openIssueReporter", {
      extensionId: context.extension.id,
      issueBody,
    });
  } catch (thrown) {
    context.log.warn(`The issue reporter does not open: ${String(thrown)}`);
    await copy(issueBody, "This editor has no issue reporter. The report is on the clipboard.");
  }
}

async function copy(text: string, message: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(message);
}

async function saveZip(context: CommandContext, body: string): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: "Save Report",
    filters: { "Zip file": ["zip"] },
    saveLabel: "Save",
  });
  if (target === undefined) return;
  const saved = await inProgress("Saving the report", async (signal) => {
    return await withFile(body, (page) => {
      // The dialog has asked whether a file that is there may be replaced.
      const args = ["report", "--page", page, "--zip", target.fsPath, "--force"];
      return context.runCli(reportRecordSchema, { args, facts: context.facts(), signal });
    });
  });
  if (saved === undefined) return;
  const show = "Show in Folder";
  const pressed = await vscode.window.showInformationMessage(
    "The report and the ends of the logs are saved.",
    show,
  );
  if (pressed === show) await vscode.commands.executeCommand("revealFileInOS", target);
}

/** Calls with the path of a file that holds the text, for as long as the call takes. */
async function withFile<Value>(text: string, call: (file: string) => Promise<Value>) {
  const folder = await mkdtemp(path.join(tmpdir(), "starcoder-report-"));
  try {
    const file = path.join(folder, "report.md");
    await writeFile(file, text, { mode: 0o600 });
    return await call(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs work that can be given up; `undefined` then. */
async function inProgress<Value>(
  title: string,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | undefined> {
  const abort = new AbortController();
  return await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const subscription = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await work(abort.signal);
      } catch (thrown) {
        if (abort.signal.aborted) return undefined;
        throw thrown;
      } finally {
        subscription.dispose();
      }
    },
  );
}
