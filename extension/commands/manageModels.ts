import * as vscode from "vscode";
import { CodedError } from "../../server/protocol/errors.ts";
import type { ModelList, StoredModel } from "../../server/protocol/models.ts";
import { diskText, verifyText } from "../modelChoice/manageText.ts";
import { rowOfStored } from "../modelChoice/modelRows.ts";
import { removeModel } from "../modelChoice/removeModel.ts";
import { switchModel } from "../modelChoice/switchModel.ts";
import type { Command, CommandContext } from "./command.ts";

interface Item extends vscode.QuickPickItem {
  run?(context: CommandContext): Promise<void>;
}

/** Lists the models on this machine with what they take; verifies, removes and shows them. */
export const manageModels: Command = {
  async run(context) {
    const items: Promise<Item[]> = context.models.calls.list().then(itemsOf);
    const picked = await vscode.window.showQuickPick(items, {
      title: "StarCoder: Manage Models",
      placeHolder: "Choose a model to see what can be done with it",
      matchOnDetail: true,
    });
    await picked?.run?.(context);
  },
};

function itemsOf(list: ModelList): Item[] {
  const { models, downloads, folder } = list;
  return [
    ...models.map((model): Item => {
      const { icon, label, description, detail } = rowOfStored(model);
      return {
        label: `$(${icon}) ${label}`,
        description,
        detail: detail ?? model.path,
        run: (context) => askWhatToDo(context, model),
      };
    }),
    { label: diskText(list), kind: vscode.QuickPickItemKind.Separator },
    command("add", "Choose or download another model…", "starcoder.chooseModel"),
    ...(downloads.length === 0
      ? []
      : [command("cloud-download", "Downloads…", "starcoder.showDownloads")]),
    {
      label: "$(verified) Verify all models",
      description: "compares each with what was downloaded",
      run: (context) => verify(context, undefined, models),
    },
    ...(folder === undefined
      ? []
      : [
          {
            label: "$(folder-opened) Open the models' folder",
            description: folder,
            run: () => reveal(folder),
          },
        ]),
  ];
}

function command(icon: string, label: string, id: string): Item {
  return {
    label: `$(${icon}) ${label}`,
    run: async () => {
      await vscode.commands.executeCommand(id);
    },
  };
}

async function askWhatToDo(context: CommandContext, model: StoredModel): Promise<void> {
  const { id, name, active, source, path, error, sizeBytes } = model;
  const mine = source === "downloaded" || source === "added";
  const items: Item[] = [
    ...(active || error !== undefined
      ? []
      : [
          {
            label: "$(play) Use this model",
            description: "tries it first",
            run: async () => {
              await switchModel(context, id, name);
            },
          },
        ]),
    { label: "$(verified) Verify", run: () => verify(context, id, [model]) },
    { label: "$(folder-opened) Show in folder", description: path, run: () => reveal(path) },
    ...(mine && !active
      ? [
          {
            label: "$(trash) Remove",
            run: async () => {
              const fileStays = source === "added";
              await removeModel(context.models.calls, { id, name, sizeBytes, fileStays });
            },
          },
        ]
      : []),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: name });
  await picked?.run?.(context);
}

async function verify(
  { models }: CommandContext,
  id: string | undefined,
  known: readonly StoredModel[],
): Promise<void> {
  const record = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: "StarCoder: Verifying",
      cancellable: true,
    },
    async (_progress, token) => {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await models.calls.verify(id, abort.signal);
      } catch (thrown) {
        if (abort.signal.aborted) return undefined;
        throw thrown;
      } finally {
        subscription.dispose();
      }
    },
  );
  if (record === undefined) return;
  const text = verifyText(record, (each) => known.find((model) => model.id === each)?.name ?? each);
  if (!record.ok) throw new CodedError("MODEL_DAMAGED", text);
  void vscode.window.showInformationMessage(`StarCoder: ${text}`);
}

async function reveal(path: string): Promise<void> {
  await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(path));
}
