import * as vscode from "vscode";
import { keyProblem } from "../endpointKeys.ts";
import type { Command, CommandContext } from "./command.ts";

/** Keeps the key of a remote engine in the editor's secret storage, or forgets it. */
export const setEndpointKey: Command = {
  async run(context) {
    const entry = await pickEndpoint(context);
    if (entry === undefined) return;
    const { endpointKeys } = context;
    const isKept = await endpointKeys.has(entry.url);
    const given = await vscode.window.showInputBox({
      title: `Key of ${entry.label}`,
      prompt:
        "It is kept in the editor's secret storage and sent to this engine only, over https or to this machine.",
      placeHolder: isKept ? "A key is kept; leave this empty to forget it" : "",
      password: true,
      ignoreFocusOut: true,
      validateInput: keyProblem,
    });
    if (given === undefined) return;
    await endpointKeys.write(entry.url, given);
    void vscode.window.showInformationMessage(
      given.trim() === ""
        ? `StarCoder has forgotten the key of ${entry.label}.`
        : `StarCoder keeps the key of ${entry.label} and uses it from now on.`,
    );
  },
};

async function pickEndpoint({
  settings,
  endpointKeys,
}: CommandContext): Promise<{ readonly label: string; readonly url: string } | undefined> {
  const entries = settings.current["remote.endpoints"];
  if (entries.length === 0) {
    const open = "Open Settings";
    const picked = await vscode.window.showInformationMessage(
      "The setting starcoder.remote.endpoints names no remote engine yet.",
      open,
    );
    if (picked === open) await vscode.commands.executeCommand("starcoder.openSettings");
    return undefined;
  }
  const items = await Promise.all(
    entries.map(async ({ url, name = "", keyVariable = "" }) => {
      const isKept = await endpointKeys.has(url);
      const kept = isKept ? "A key is kept" : "No key is kept";
      const detail =
        keyVariable === "" || isKept ? kept : `${kept}; that of ${keyVariable} is used`;
      const label = name.trim() === "" ? shown(url) : name.trim();
      return { label, description: name.trim() === "" ? "" : shown(url), detail, url };
    }),
  );
  if (items.length === 1) return items[0];
  return vscode.window.showQuickPick(items, {
    title: "Set the Key of a Remote Engine",
    placeHolder: "Which engine?",
  });
}

/** Without user, password and query, which may be secret. */
function shown(url: string): string {
  const parsed = URL.canParse(url.trim()) ? new URL(url.trim()) : undefined;
  return parsed === undefined ? "an address that is none" : `${parsed.origin}${parsed.pathname}`;
}
