import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { cleanEnvironment } from "./editor/cleanEnvironment.ts";
import { ensureEditor } from "./editor/ensureEditor.ts";
import { findOnPath } from "./editor/findOnPath.ts";
import type { ProgressLog } from "./editor/runCommand.ts";
import { startEditor } from "./editor/startEditor.ts";
import { packageExtension } from "./package.ts";

const root = path.join(import.meta.dirname, "..");

export interface OpenEditorOptions {
  /** The folder to open, and the place in one of its files to show first, as FILE:LINE:COL. */
  readonly workspace: string;
  readonly place: string;
  /** Added to the editor's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the browser edition; any free one when absent. */
  readonly port?: number;
  /** Use the browser edition even where desktop VS Code is on the PATH. */
  readonly browser?: boolean;
  readonly log: ProgressLog;
  /** Ends the editor when it fires. */
  readonly signal: AbortSignal;
}

/**
 * Opens the extension in desktop VS Code where `code` is on the PATH, else in the browser edition, and
 * waits until the window is closed or the signal fires. False when neither can run on this machine.
 */
export async function openEditor(options: OpenEditorOptions): Promise<boolean> {
  const code = options.browser === true ? undefined : findOnPath("code");
  if (code !== undefined && (await openDesktop(code, options))) return true;
  return openBrowserEdition(options);
}

async function openDesktop(code: string, options: OpenEditorOptions): Promise<boolean> {
  const { workspace, place, env, log, signal } = options;
  log("Opening desktop VS Code with the extension from this folder; close its window to end.");
  const args = ["--new-window", "--wait", `--extensionDevelopmentPath=${root}`];
  const child = spawn(code, [...args, workspace, "--goto", path.join(workspace, place)], {
    env: { ...cleanEnvironment(), ...env },
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const kill = (): boolean => child.kill();
  signal.addEventListener("abort", kill);
  const [exitCode] = await (once(child, "exit") as Promise<[number | null]>).catch(() => [1]);
  signal.removeEventListener("abort", kill);
  if (exitCode === 0 || signal.aborted) return true;
  log(`  code ended with ${String(exitCode)}; using the browser edition instead`);
  return false;
}

async function openBrowserEdition(options: OpenEditorOptions): Promise<boolean> {
  const { workspace, place, env, log, signal } = options;
  const editor = await ensureEditor(log);
  if ("skipped" in editor) {
    log(`No editor to open: ${editor.skipped}. Install VS Code and its \`code\` command.`);
    return false;
  }
  log("Packaging and installing the extension");
  const vsix = await packageExtension();
  if (signal.aborted) return true;
  const running = await startEditor({
    editor,
    extension: { vsix },
    workspace,
    env,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  const stopped = new Promise<"stopped">((resolve) => {
    if (signal.aborted) resolve("stopped");
    signal.addEventListener("abort", () => resolve("stopped"));
  });
  try {
    const first = `vscode-remote://127.0.0.1:${String(running.port)}${path.join(workspace, place)}`;
    const url = new URL(running.url);
    url.searchParams.set("folder", workspace);
    const payload = [
      ["openFile", first],
      ["gotoLineMode", "true"],
    ];
    url.searchParams.set("payload", JSON.stringify(payload));
    log(
      `VS Code is running with the extension installed. Open it in a browser:\n\n  ${url.href}\n`,
    );
    log("Type in the file, and ghost text appears. Ctrl-C here stops everything.");
    const why = await Promise.race([stopped, running.ended]);
    if (why !== "stopped") log(`code-server ended by itself:\n${running.output()}`);
    return why === "stopped";
  } finally {
    await running.stop();
  }
}
