import * as vscode from "vscode";
import { describeDownload } from "../../server/protocol/downloadText.ts";
import type { DownloadRecord, DownloadState, OfferedModel } from "../../server/protocol/models.ts";
import type { CommandContext } from "../commands/command.ts";
import { askLicence } from "./askLicence.ts";
import { fetchModel } from "./fetchModel.ts";
import { licenceQuestionOf } from "./licenceQuestion.ts";
import type { Wanted } from "./modelCalls.ts";
import { switchModel } from "./switchModel.ts";
import { tellHubFailure } from "./tellHubFailure.ts";

type Context = Pick<CommandContext, "models" | "settings" | "notices">;

/** Asks for agreement to the licence, downloads the model, tries it and uses it. */
export async function obtainModel(context: Context, offered: OfferedModel): Promise<void> {
  const question = licenceQuestionOf(offered);
  if (!(await askLicence(question))) return;
  const { entry, quantization, page } = offered;
  const wanted: Wanted = {
    id: entry.id,
    name: entry.name,
    ...(quantization === undefined ? {} : { quantization }),
    force: question.force,
  };
  await downloadAndUse(context, wanted, page);
}

/** Downloads what was agreed to, or goes on with it, and uses it when it is there. */
export async function downloadAndUse(
  context: Context,
  wanted: Wanted,
  page?: string,
): Promise<void> {
  for (;;) {
    let record: DownloadRecord;
    try {
      record = await fetchModel(context.models, wanted);
    } catch (thrown) {
      if (await tellHubFailure(thrown, page, context.models.hubToken)) continue;
      return;
    }
    const { download, model } = record;
    if (download.phase === "done") {
      await switchModel(context, model?.id ?? download.path ?? wanted.id, wanted.name);
      return;
    }
    if (!(await tellStopped(download, wanted.name))) return;
  }
}

/** Whether to go on with it now. */
async function tellStopped(state: DownloadState, name: string): Promise<boolean> {
  if (state.phase === "cancelled") {
    void vscode.window.showInformationMessage(`StarCoder: The download of ${name} was cancelled.`);
    return false;
  }
  const resume = "Resume";
  const show = "Show Downloads";
  const pressed = await vscode.window.showInformationMessage(
    `StarCoder: ${name} is ${describeDownload(state)}. What is there is kept.`,
    resume,
    show,
  );
  if (pressed === show) void vscode.commands.executeCommand("starcoder.showDownloads");
  return pressed === resume;
}
