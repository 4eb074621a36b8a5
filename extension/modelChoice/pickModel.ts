import * as vscode from "vscode";
import type { ModelList } from "../../server/protocol/models.ts";
import { choicesOf, type ModelButton, type ModelChoice } from "./modelChoices.ts";
import type { Models } from "./models.ts";
import { quickButtons, showWhatButtonNames } from "./pressButton.ts";
import { removeModel } from "./removeModel.ts";

/** What was picked; a section's line cannot be. */
export type PickedModel = Exclude<ModelChoice, { readonly kind: "section" }>;

interface Item extends vscode.QuickPickItem {
  readonly choice: ModelChoice;
}

/**
 * Lets the user choose a model. The list opens at once with what is known, and is completed while it
 * is open. Undefined: nothing was picked.
 * @param onError a list or a removal that failed; the list stays open
 */
export async function pickModel(
  models: Models,
  onError: (thrown: unknown) => void,
): Promise<PickedModel | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = "StarCoder: Choose Model";
  pick.placeholder = "Looking at this machine and its models…";
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  // A licence or a question opened by a button is no answer.
  pick.ignoreFocusOut = true;
  let complete = false;
  let closed = false;

  function show(list: ModelList): void {
    if (closed) return;
    const keptId = idOf(pick.activeItems[0]?.choice);
    pick.keepScrollPosition = true;
    pick.items = choicesOf(list).map(itemOf);
    const kept = pick.items.find(({ choice }) => keptId !== undefined && idOf(choice) === keptId);
    if (kept !== undefined) pick.activeItems = [kept];
  }

  async function showAll(): Promise<void> {
    pick.busy = true;
    try {
      const list = await models.refresh();
      complete = true;
      show(list);
      pick.placeholder = "Choose a model; it is tried before it is used";
    } catch (thrown) {
      pick.placeholder = "What can be downloaded is not known now";
      onError(thrown);
    } finally {
      pick.busy = false;
    }
  }

  async function showQuickly(): Promise<void> {
    try {
      const list = await models.calls.list();
      if (!complete && models.lastList === undefined) show(list);
    } catch {
      // The whole list says what is wrong.
    }
  }

  async function press(button: ModelButton, name: string, choice: ModelChoice): Promise<void> {
    try {
      if (button.kind !== "remove") await showWhatButtonNames(button);
      else if (await removeModel(models.calls, removableOf(button.id, name, choice)))
        await showAll();
    } catch (thrown) {
      onError(thrown);
    }
  }

  if (models.lastList !== undefined) show(models.lastList);
  try {
    return await new Promise<PickedModel | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const choice = pick.selectedItems[0]?.choice;
        if (choice !== undefined && choice.kind !== "section") resolve(choice);
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.onDidTriggerItemButton(({ button, item }) => {
        const named = button as vscode.QuickInputButton & { readonly button: ModelButton };
        void press(named.button, labelOf(item.choice), item.choice);
      });
      pick.show();
      void showQuickly();
      void showAll();
    });
  } finally {
    closed = true;
    pick.dispose();
  }
}

function itemOf(choice: ModelChoice): Item {
  if (choice.kind === "section") {
    return { choice, label: choice.label, kind: vscode.QuickPickItemKind.Separator };
  }
  return {
    choice,
    label: `$(${choice.icon}) ${choice.label}`,
    description: choice.description,
    ...(choice.detail === undefined ? {} : { detail: choice.detail }),
    ...(choice.kind === "add" ? {} : { buttons: quickButtons(choice.buttons) }),
  };
}

function idOf(choice: ModelChoice | undefined): string | undefined {
  if (choice?.kind === "stored") return choice.model.id;
  return choice?.kind === "offered" ? choice.offered.entry.id : undefined;
}

function labelOf(choice: ModelChoice): string {
  return choice.label;
}

function removableOf(id: string, name: string, choice: ModelChoice) {
  const model = choice.kind === "stored" ? choice.model : undefined;
  return {
    id,
    name,
    sizeBytes: model?.sizeBytes,
    fileStays: model?.source !== "downloaded",
  };
}
