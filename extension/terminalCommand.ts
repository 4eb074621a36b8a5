import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type * as vscode from "vscode";

export interface TerminalCommandOptions {
  readonly variables: vscode.GlobalEnvironmentVariableCollection;
  /** A folder of the extension's own, which outlives it. */
  readonly folder: string;
  readonly cliPath: string;
  /** What runs the command line: Node, or the editor acting as Node. */
  readonly execPath: string;
}

/**
 * Makes `starcoder` a command of the editor's terminals: scripts in a folder of the extension's, put
 * at the end of their `PATH`, so that a command of that name which the user has goes first.
 */
export async function installTerminalCommand(options: TerminalCommandOptions): Promise<void> {
  const { variables, folder, cliPath, execPath } = options;
  const bin = path.join(folder, "bin");
  await mkdir(bin, { recursive: true });
  const script = path.join(bin, "starcoder");
  await replace(script, shellScript(execPath, cliPath));
  await chmod(script, 0o755);
  await replace(path.join(bin, "starcoder.cmd"), batchScript(execPath, cliPath));
  variables.description = "The `starcoder` command";
  variables.append("PATH", path.delimiter + bin);
}

/** For `sh`; quotes in paths are kept. */
export function shellScript(execPath: string, cliPath: string): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quote(execPath)} ${quote(cliPath)} "$@"\n`;
}

/** For `cmd`; percent signs in paths are kept. */
export function batchScript(execPath: string, cliPath: string): string {
  const quote = (text: string): string => `"${text.replaceAll("%", "%%")}"`;
  return `@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n${quote(execPath)} ${quote(cliPath)} %*\r\n`;
}

/** Terminals that run meanwhile read the old script or the new one, and an equal one is left alone. */
async function replace(file: string, text: string): Promise<void> {
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present !== text) await writeFile(file, text);
}
