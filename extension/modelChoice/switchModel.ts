import * as vscode from "vscode";
import type { UseModelRecord } from "../../server/protocol/models.ts";
import type { CommandContext } from "../commands/command.ts";
import { switchText } from "./switchText.ts";

type Context = Pick<CommandContext, "models" | "settings" | "notices">;

/**
 * Tries a model and, when it answers, uses it in all windows, without a reload. Rejects with a
 * `CodedError` when it does not work: the one before stays in use then.
 * @param reference its id, or the path of its file
 * @returns whether it is in use now; false where the user gave it up
 */
export async function switchModel(
  context: Context,
  reference: string,
  name: string,
): Promise<boolean> {
  const setting = await askAboutSetting(context);
  if (setting === undefined) return false;
  context.notices.reset();
  const record = await tryModel(context, reference, name);
  if (record === undefined) return false;
  // Not before it works: what the setting names stays in use otherwise.
  if (setting === "clear") await context.settings.clear("model.path");
  void tellSwitch(record, setting);
  return true;
}

/** What `starcoder.model.path` names goes before what is chosen. Undefined: given up. */
async function askAboutSetting({
  settings,
}: Context): Promise<"clear" | "keep" | "none" | undefined> {
  const configured = settings.current["model.path"];
  if (configured === "") return "none";
  const clear = "Clear the Setting";
  const keep = "Keep the Setting";
  const pressed = await vscode.window.showWarningMessage(
    "The setting starcoder.model.path goes before the model that you choose here.",
    {
      modal: true,
      detail: `It names ${configured}. Kept, it goes on deciding where it is set, and your choice holds everywhere else.`,
    },
    clear,
    keep,
  );
  if (pressed === undefined) return undefined;
  return pressed === clear ? "clear" : "keep";
}

/** Undefined where the user cancelled it. */
async function tryModel(
  { models }: Context,
  reference: string,
  name: string,
): Promise<UseModelRecord | undefined> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `StarCoder: Trying ${name}`,
      cancellable: true,
    },
    async (progress, token) => {
      progress.report({ message: "the model in use stays until it answers" });
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await models.calls.use(reference, abort.signal);
      } catch (thrown) {
        if (abort.signal.aborted) return undefined;
        throw thrown;
      } finally {
        subscription.dispose();
      }
    },
  );
}

async function tellSwitch(record: UseModelRecord, setting: string): Promise<void> {
  const kept =
    setting === "keep" ? " In this window starcoder.model.path still names another one." : "";
  const install = "Install GPU Support";
  // A message without buttons is cut off after its first line.
  const manage = "Manage Models";
  const buttons = [...(record.trial.fallbackReason === undefined ? [] : [install]), manage];
  const pressed = await vscode.window.showInformationMessage(
    `${switchText(record)}${kept}`,
    ...buttons,
  );
  if (pressed === manage) await vscode.commands.executeCommand("starcoder.manageModels");
  if (pressed === install) await vscode.commands.executeCommand("starcoder.installGpuSupport");
}
