import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { doctorRequest } from "../../server/protocol/editor.ts";
import {
  doctorReportSchema,
  type DoctorCheck,
  type DoctorReport,
} from "../../server/protocol/records.ts";
import { noticeOf } from "../notices.ts";
import { showNotice } from "../showNotice.ts";
import type { Command, CommandContext } from "./command.ts";

const icons: Readonly<Record<DoctorCheck["status"], string>> = {
  ok: "$(pass)",
  warning: "$(warning)",
  failed: "$(error)",
  timeout: "$(watch)",
  skipped: "$(circle-slash)",
};

/** Runs the checks in the server, or by the command line where there is none, and lists them. */
export const doctor: Command = {
  async run(context) {
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: "StarCoder: running the doctor" },
      () => examine(context),
    );
    const items = report.checks.map((check) => ({
      check,
      label: `${icons[check.status]} ${check.title}`,
      description: check.code ?? "",
      detail: [check.message, check.remedy].filter((text) => text !== undefined).join(" "),
    }));
    const copy = { label: "$(copy) Copy the report" };
    const picked = await vscode.window.showQuickPick([...items, separator, copy], {
      title: "StarCoder Doctor",
      placeHolder: headline(report),
      matchOnDetail: true,
    });
    if (picked === copy) {
      await vscode.env.clipboard.writeText(JSON.stringify(report, null, 2));
      return;
    }
    const check = items.find((item) => item === picked)?.check;
    if (check?.code !== undefined) {
      // A row of the list cuts long texts, and has no buttons.
      await showNotice(noticeOf(check.code, check.message, check.remedy));
    }
  },
};

const separator = { label: "", kind: vscode.QuickPickItemKind.Separator };

function headline({ ok, checks }: DoctorReport): string {
  const bad = checks.filter(({ status }) => status === "failed" || status === "timeout").length;
  if (!ok) {
    return `${bad} of ${checks.length} checks failed`;
  }
  const warnings = checks.some(({ status }) => status === "warning");
  return warnings ? "Works, with warnings" : `All ${checks.length} checks passed`;
}

async function examine({ supervisor, extension, log }: CommandContext): Promise<DoctorReport> {
  const run = supervisor.running;
  if (run !== undefined) {
    try {
      return doctorReportSchema.parse(await run.request(doctorRequest.method));
    } catch (error) {
      log.error(`starcoder/doctor: ${String(error)}`);
    }
  }
  const cli = vscode.Uri.joinPath(extension.extensionUri, "dist", "cli.mjs").fsPath;
  return doctorReportSchema.parse(JSON.parse(await runNode([cli, "doctor", "--json"])));
}

/** Standard output of a script; a failed check makes the exit status 1, which is no error here. */
function runNode(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout) => {
      if (error !== null && stdout.trim() === "") {
        reject(new Error("The doctor could not be run.", { cause: error }));
      } else {
        resolve(stdout);
      }
    });
  });
}
