import * as vscode from "vscode";
import type { CommandContext } from "../commands/command.ts";
import type { AddKind } from "./modelChoices.ts";
import { obtainModel } from "./obtainModel.ts";
import { referencePrompts, referenceProblem } from "./reference.ts";
import { switchModel } from "./switchModel.ts";

type Context = Pick<CommandContext, "models" | "settings" | "notices">;

/** Asks for a file, an address or a repository, and uses the model that is there. */
export async function addModel(context: Context, kind: AddKind): Promise<void> {
  await (kind === "file" ? addFile(context) : addReference(context, kind));
}

async function addFile(context: Context): Promise<void> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: "Choose a GGUF Model for StarCoder",
      openLabel: "Try This Model",
      canSelectMany: false,
      filters: { "GGUF models": ["gguf"] },
    })) ?? [];
  if (file === undefined) return;
  const path = file.fsPath;
  if (!(await switchModel(context, path, nameOf(path)))) return;
  // So that it stays in the list when another is chosen.
  await context.models.calls.add(path).catch(() => undefined);
}

async function addReference(context: Context, kind: "url" | "repository"): Promise<void> {
  const given = await vscode.window.showInputBox({
    ...referencePrompts[kind],
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === "" ? undefined : referenceProblem(kind, text)),
  });
  if (given === undefined || given.trim() === "") return;
  const entry = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "StarCoder: Looking at the model" },
    () => context.models.calls.add(given.trim()),
  );
  // Its size and fit, where they can be told.
  const list = await context.models.refresh().catch(() => undefined);
  const offered = list?.offered?.find((each) => each.entry.id === entry.id);
  await obtainModel(context, offered ?? { entry, stored: false });
}

function nameOf(path: string): string {
  return path.replace(/^.*[\\/]/, "").replace(/\.gguf$/i, "");
}
