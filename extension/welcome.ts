import * as vscode from "vscode";
import { opensWalkthrough } from "./modelChoice/firstRun.ts";
import type { Models } from "./modelChoice/models.ts";
import type { Memory } from "./modelChoice/recommended.ts";
import { openWalkthrough } from "./walkthrough.ts";

const key = "starcoder.welcomed";

/**
 * At the first start after the installation: opens the walkthrough where that disturbs nobody, and
 * finds out which model suits this machine, for its step. At all others: nothing.
 */
export function welcome(options: {
  readonly extension: vscode.Extension<unknown>;
  readonly memory: Memory;
  readonly models: Models;
  readonly log: vscode.LogOutputChannel;
}): void {
  const { extension, memory, models, log } = options;
  const decided = memory.get(key) === true;
  if (decided) return;
  const workbench = vscode.workspace.getConfiguration("workbench");
  const opens = opensWalkthrough({
    startupEditor: workbench.get("startupEditor", ""),
    openOnInstall: workbench.get("welcomePage.walkthroughs.openOnInstall", true),
    openEditors: countOpenEditors(),
  });
  void memory.update(key, true);
  if (!opens) return;
  void openWalkthrough(extension.id);
  models.refresh().catch((thrown: unknown) => {
    log.warn(`Which model suits this machine is not known: ${String(thrown)}`);
  });
}

/** A welcome page has no input that extensions know. */
function countOpenEditors(): number {
  const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
  return tabs.filter(({ input }) => input !== undefined).length;
}
