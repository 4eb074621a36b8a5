import * as vscode from "vscode";
import { formatBytes } from "../../server/protocol/figures.ts";
import type { ModelCalls } from "./modelCalls.ts";

/** What is asked about before it is removed. */
export interface Removable {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes?: number | undefined;
  /** Only its entry goes; the file is the user's own. */
  readonly fileStays: boolean;
}

/** Asks, and removes a model. Whether it was removed. */
export async function removeModel(calls: ModelCalls, model: Removable): Promise<boolean> {
  const { id, name, sizeBytes, fileStays } = model;
  const freed = sizeBytes === undefined ? "" : ` and frees ${formatBytes(sizeBytes)}`;
  const pressed = await vscode.window.showWarningMessage(
    `Remove ${name}?`,
    {
      modal: true,
      detail: fileStays
        ? "It is taken off the list. The file stays where it is."
        : `This deletes its files${freed}. It can be downloaded again.`,
    },
    "Remove",
  );
  if (pressed !== "Remove") return false;
  const { freedBytes } = await calls.remove(id);
  const said = freedBytes > 0 ? ` ${formatBytes(freedBytes)} are free again.` : "";
  void vscode.window.showInformationMessage(`StarCoder removed ${name}.${said}`);
  return true;
}
