import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cleanEnvironment } from "./cleanEnvironment.ts";
import type { InstalledEditor } from "./ensureEditor.ts";
import { mustRun } from "./runCommand.ts";
import { noGallery, offlineSettings } from "./userSettings.ts";

/** What a code-server run is started with. Everything it keeps lives in a fresh folder, removed on stop. */
export interface EditorOptions {
  readonly editor: InstalledEditor;
  /** A packaged extension to install, or the folder of an unpacked one to link. */
  readonly extension:
    | { readonly vsix: string; readonly others?: readonly string[] }
    | { readonly folder: string }
    | undefined;
  readonly workspace: string;
  /** Added to the offline settings. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** Key bindings beside VS Code's own: keys → command. */
  readonly keybindings?: Readonly<Record<string, string>>;
  /** Added to the environment; the extension and its server inherit it. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** A free port when absent. */
  readonly port?: number;
  /** Ask before trusting the workspace, as the desktop does. Default false. */
  readonly workspaceTrust?: boolean;
  /** Let the page run extension tests (VS Code's smoke test driver). Default false. */
  readonly testDriver?: boolean;
}

/** A code-server that answers. */
export interface RunningEditor {
  readonly url: string;
  readonly port: number;
  /** What code-server printed so far. */
  readonly output: () => string;
  /** Settles when code-server has ended, by `stop` or by itself. */
  readonly ended: Promise<void>;
  /** Ends code-server with all it started, and removes its folder. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

const startLimitMs = 30_000;
const stopLimitMs = 5_000;

/** Starts code-server on loopback with the extension installed, and waits until it answers. */
export async function startEditor(options: EditorOptions): Promise<RunningEditor> {
  const home = await mkdtemp(path.join(tmpdir(), "starcoder-editor-"));
  try {
    const folders = await prepare(home, options);
    return await launch(home, folders, options);
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

async function prepare(home: string, options: EditorOptions): Promise<readonly string[]> {
  const user = path.join(home, "user");
  const extensions = path.join(home, "extensions");
  await mkdir(path.join(user, "User"), { recursive: true });
  await mkdir(extensions);
  await writeFile(path.join(home, "config.yaml"), "");
  const settings = {
    ...offlineSettings,
    ...(options.workspaceTrust === true ? { "security.workspace.trust.enabled": true } : {}),
    ...options.userSettings,
  };
  await writeFile(path.join(user, "User", "settings.json"), JSON.stringify(settings, undefined, 2));
  const keys = Object.entries(options.keybindings ?? {});
  await writeFile(
    path.join(user, "User", "keybindings.json"),
    JSON.stringify(keys.map(([key, command]) => ({ key, command }))),
  );
  const folders = ["--user-data-dir", user, "--extensions-dir", extensions];
  const { editor, extension } = options;
  if (extension !== undefined && "folder" in extension) {
    await symlink(extension.folder, path.join(extensions, path.basename(extension.folder)), "dir");
  } else if (extension !== undefined) {
    await install(editor, folders, [extension.vsix, ...(extension.others ?? [])], options.env);
  }
  return folders;
}

/**
 * Installs a packaged extension once, for many runs that link it.
 * @param home an empty folder, to be removed by the caller when all runs have ended
 * @returns the folder of the extension, to be passed to `startEditor`
 */
export async function installOnce(
  editor: InstalledEditor,
  vsix: string,
  home: string,
): Promise<string> {
  const extensions = path.join(home, "extensions");
  await mkdir(extensions, { recursive: true });
  const folders = ["--user-data-dir", path.join(home, "user"), "--extensions-dir", extensions];
  await install(editor, folders, [vsix], {});
  const entries = await readdir(extensions, { withFileTypes: true });
  const folder = entries.find((entry) => entry.isDirectory())?.name;
  if (folder === undefined) throw new Error(`${vsix} was not installed in ${extensions}`);
  return path.join(extensions, folder);
}

async function install(
  editor: InstalledEditor,
  folders: readonly string[],
  files: readonly string[],
  env: EditorOptions["env"],
): Promise<void> {
  const installs = files.flatMap((file) => ["--install-extension", file]);
  await mustRun(editor.node, [editor.entry, ...folders, ...installs], {
    env: environment({ env }),
  });
}

async function launch(
  home: string,
  folders: readonly string[],
  options: EditorOptions,
): Promise<RunningEditor> {
  const port = options.port ?? (await freePort());
  const args = [
    options.editor.entry,
    ...["--config", path.join(home, "config.yaml")],
    ...["--bind-addr", `127.0.0.1:${String(port)}`, "--auth", "none"],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    "--disable-proxy",
    ...(options.workspaceTrust === true ? [] : ["--disable-workspace-trust"]),
    ...(options.testDriver === true ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ...folders,
    options.workspace,
  ];
  const child = spawn(options.editor.node, args, {
    env: environment(options),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const collect = (chunk: string): void => {
    output += chunk;
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const ended = once(child, "exit").then(() => undefined);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopGroup(child, ended, home));
  try {
    await answers(`http://127.0.0.1:${String(port)}/healthz`, ended);
  } catch (cause) {
    await stop();
    throw new Error(`code-server did not start:\n${output}`, { cause });
  }
  return { url: `http://127.0.0.1:${String(port)}/`, port, output: () => output, ended, stop };
}

function environment({ env }: Pick<EditorOptions, "env">): NodeJS.ProcessEnv {
  return { ...cleanEnvironment(), EXTENSIONS_GALLERY: noGallery, ...env };
}

async function answers(url: string, ended: Promise<void>): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  while (Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return;
    const pause = delay(50).then(() => "waiting");
    if ((await Promise.race([pause, ended])) === undefined) throw new Error("it ended at once");
  }
  throw new Error(`no answer within ${String(startLimitMs / 1000)} s`);
}

async function stopGroup(child: ChildProcess, ended: Promise<void>, home: string): Promise<void> {
  signalGroup(child, "SIGTERM");
  await Promise.race([ended, delay(stopLimitMs, undefined, { ref: false })]);
  // The leader ends before its extension hosts do.
  signalGroup(child, "SIGKILL");
  await ended;
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
