import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { inject } from "vitest";
import { startEditor } from "../../../scripts/editor/startEditor.ts";
import { hostsOf, stopHosts } from "../../../scripts/stopHosts.ts";
import { openWorkbench, type Workbench } from "./workbench.ts";

/** A running editor with the packaged extension, a browser on it, and folders of its own. */
export interface Session {
  readonly workbench: Workbench;
  readonly workspace: string;
  /** What the product writes is in here. */
  readonly home: string;
  /** The process ids of the model hosts that serve this session. */
  readonly hosts: () => Promise<readonly number[]>;
  readonly stop: () => Promise<void>;
}

export interface SessionOptions {
  /** Added to the settings that keep everything but StarCoder quiet. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** What `.vscode/settings.json` of the workspace says. */
  readonly workspaceSettings?: Readonly<Record<string, unknown>>;
  /** Open the workspace untrusted, as VS Code does with one that it does not know. */
  readonly untrusted?: boolean;
  /** Added to the environment of the editor. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added key bindings: keys → command. */
  readonly keybindings?: Readonly<Record<string, string>>;
  /** Install the extension for this session alone: for tests that change its files. */
  readonly ownInstallation?: boolean;
  /** Before the editor starts, with the home of the session; returns what ends it. */
  readonly prepare?: (home: string) => Promise<() => Promise<void>>;
}

/** Why editor tests cannot run on this machine; undefined where they can. */
export function skipReason(): string | undefined {
  const rig = inject("rig");
  return "skipped" in rig ? rig.skipped : undefined;
}

/** Keys for commands that VS Code binds to none, or to others on each platform. */
export const keys = {
  acceptWord: "Control+Alt+w",
  acceptLine: "Control+Alt+l",
  cursorBelow: "Control+Alt+m",
} as const;

const keybindings = {
  "ctrl+alt+w": "editor.action.inlineSuggest.acceptNextWord",
  "ctrl+alt+l": "editor.action.inlineSuggest.acceptNextLine",
  "ctrl+alt+m": "editor.action.insertCursorBelow",
};

/** Settings of every session: no other suggestions, and the tiny model may say whatever it thinks. */
const quietSettings = {
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.parameterHints.enabled": false,
  "files.autoSave": "off",
  "security.workspace.trust.startupPrompt": "never",
  "javascript.validate.enable": false,
  "starcoder.completion.showThreshold": 0,
  "starcoder.completion.deadline": 5000,
};

/** Starts an editor on an empty workspace. */
export async function startSession(options: SessionOptions = {}): Promise<Session> {
  const rig = inject("rig");
  if ("skipped" in rig) throw new Error(rig.skipped);
  const folder = await mkdtemp(path.join(tmpdir(), "starcoder-session-"));
  const workspace = path.join(folder, "workspace");
  const home = path.join(folder, "home");
  await mkdir(path.join(workspace, ".vscode"), { recursive: true });
  await writeFile(
    path.join(workspace, ".vscode", "settings.json"),
    JSON.stringify(options.workspaceSettings ?? {}),
  );
  const cleanups: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
    () => stopHosts(home),
  ];
  const stop = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const end = await options.prepare?.(home);
    if (end !== undefined) cleanups.push(end);
    const editor = await startEditor({
      editor: rig,
      extension: options.ownInstallation === true ? { vsix: rig.vsix } : { folder: rig.installed },
      workspace,
      env: { ...options.env, STARCODER_HOME: home },
      userSettings: { ...quietSettings, ...options.userSettings },
      keybindings: { ...keybindings, ...options.keybindings },
      workspaceTrust: options.untrusted ?? false,
    });
    cleanups.push(editor.stop);
    const browser = await chromium.launch({ executablePath: rig.chromium, args: browserFlags });
    cleanups.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const workbench = await openWorkbench(page, editor.url, workspace);
    return { workbench, workspace, home, hosts: () => hostsOf(home), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Chromium makes no connection of its own. */
export const browserFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
