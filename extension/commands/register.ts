import * as vscode from "vscode";
import { commandIds } from "../../server/protocol/commands.ts";
import { toCodedError } from "../../server/protocol/errors.ts";
import { showFailure } from "../showFailure.ts";
import type { Command, CommandContext } from "./command.ts";
import { commandTable } from "./table.ts";

/** Registers the table with the editor. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(id, (argument: unknown) =>
        runCommand(commandTable[id], context, argument),
      ),
    ),
  );
}

async function runCommand(
  command: Command,
  context: CommandContext,
  argument: unknown,
): Promise<void> {
  const reason = command.unavailable?.(context);
  if (reason !== undefined) {
    void vscode.window.showInformationMessage(reason);
    return;
  }
  try {
    await command.run(context, argument);
  } catch (error) {
    const { code, message } = toCodedError(error);
    context.log.error(`${code}: ${message}`);
    void showFailure(error);
  }
}
