import * as vscode from "vscode";
import type { DebugModeResult } from "../server/protocol/repair.ts";

/** Says in the status bar that debug mode is on; a click ends it. */
export function createDebugModeItem() {
  const item = vscode.window.createStatusBarItem(
    "starcoder.debugMode",
    vscode.StatusBarAlignment.Right,
    99,
  );
  item.name = "StarCoder Local: Debug Mode";
  item.text = "$(debug-alt) StarCoder: debug";
  item.tooltip = "Everything is logged and requests are traced. Click to end debug mode.";
  item.command = "starcoder.endDebugMode";
  item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
  return {
    show(on: boolean) {
      if (on) item.show();
      else item.hide();
    },
    dispose() {
      item.dispose();
    },
  };
}

/** Says that debug mode is on and where a debugger finds its processes. */
export async function showDebugMode(result: DebugModeResult | undefined): Promise<void> {
  const inspectors = result?.inspectors ?? [];
  const addresses = inspectors.map(({ service, url }) => `${service} ${url}`);
  const what =
    result === undefined
      ? "Debug mode begins when the language server runs."
      : `Debug mode is on: everything is logged and requests are traced.${addresses.length === 0 ? "" : ` Inspectors: ${addresses.join(", ")}.`}`;
  const copy = "Copy Address";
  const [logs, end] = ["Show Logs", "End Debug Mode"];
  const buttons = [...(addresses.length === 0 ? [] : [copy]), logs, end];
  const pressed = await vscode.window.showInformationMessage(`StarCoder: ${what}`, ...buttons);
  if (pressed === copy) {
    await vscode.env.clipboard.writeText(inspectors.map(({ url }) => url).join("\n"));
  } else if (pressed === logs) {
    await vscode.commands.executeCommand("starcoder.showLogs", { level: "debug" });
  } else if (pressed === end) {
    await vscode.commands.executeCommand("starcoder.endDebugMode");
  }
}
