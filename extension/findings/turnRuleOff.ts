import * as vscode from "vscode";
import { ruleDeclarations, ruleIds, turnRuleOffCommand } from "../../server/protocol/review.ts";
import type { SettingsStore } from "../settings.ts";

/** Registers the command behind the quick fix that turns a rule off. */
export function registerTurnRuleOff(settings: SettingsStore): vscode.Disposable {
  return vscode.commands.registerCommand(turnRuleOffCommand, (raw: unknown) =>
    turnRuleOff(settings, raw),
  );
}

async function turnRuleOff(settings: SettingsStore, raw: unknown): Promise<void> {
  const rule = ruleIds.find((id) => id === raw);
  if (rule === undefined) {
    return;
  }
  let before: Readonly<Record<string, boolean>> | undefined;
  await settings.edit("review.rules", (rules) => {
    before = rules;
    return { ...rules, [rule]: false };
  });
  const undo = "Undo";
  const pressed = await vscode.window.showInformationMessage(
    `StarCoder: the rule “${ruleDeclarations[rule].title}” is off (starcoder.review.rules).`,
    undo,
  );
  if (pressed === undo) {
    await settings.edit("review.rules", () => before);
  }
}
