import * as vscode from "vscode";
import type { EditorFacts } from "../server/protocol/editorFacts.ts";
import { networkOf } from "../server/protocol/editorNetwork.ts";
import { parseSettings } from "../server/protocol/parseSettings.ts";
import { settingKeys, settingsPrefix } from "../server/protocol/settings.ts";
import { findCompletionExtensions } from "./completionExtensions.ts";
import { readRawSettings } from "./settings.ts";
import { sideOf } from "./side.ts";
import type { ServerState } from "./supervise.ts";
import { keysInFiles } from "./workspaceFiles.ts";

/**
 * Gathers what only the editor knows.
 * @param serverVersion as the language server said of itself, while one is connected
 */
export function gatherEditorFacts(
  extension: vscode.Extension<unknown>,
  server: ServerState,
  serverVersion?: string,
): EditorFacts {
  const manifest = extension.packageJSON as { readonly version?: unknown };
  const editor = vscode.workspace.getConfiguration("editor");
  return {
    editor: { name: vscode.env.appName, version: vscode.version },
    extensionVersion: String(manifest.version),
    side: sideOf({
      remoteName: vscode.env.remoteName,
      beside: extension.extensionKind === vscode.ExtensionKind.UI,
      inBrowser: vscode.env.uiKind === vscode.UIKind.Web,
    }),
    trusted: vscode.workspace.isTrusted,
    inlineSuggestEnabled: editor.get<boolean>("inlineSuggest.enabled", true),
    quickSuggestions: plain(editor.get("quickSuggestions")),
    completionExtensions: findCompletionExtensions(findExtension),
    workspaceSettings: workspaceKeys(),
    settings: readSetSettings(),
    server: {
      state: server.kind,
      ...(serverVersion === undefined ? {} : { version: serverVersion }),
    },
    ...networkFacts(),
  };
}

function networkFacts(): Pick<EditorFacts, "network"> {
  const http = vscode.workspace.getConfiguration("http");
  const network = networkOf({
    proxy: http.get("proxy"),
    noProxy: http.get("noProxy"),
    proxyStrictSSL: http.get("proxyStrictSSL"),
    proxySupport: http.get("proxySupport"),
  });
  return network === undefined ? {} : { network };
}

/** An extension that is turned on here; Copilot's suggestions have a switch of their own. */
function findExtension(id: string): { readonly isActive: boolean } | undefined {
  const found = vscode.extensions.getExtension(id);
  if (found === undefined || !id.startsWith("GitHub.copilot")) return found;
  const languages = vscode.workspace
    .getConfiguration("github.copilot")
    .get<Record<string, boolean>>("enable");
  return { isActive: found.isActive && languages?.["*"] !== false };
}

/** Every setting that has a value of the user's, as it is in force; unknown ones as null. */
function readSetSettings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  const settings: Record<string, unknown> = {};
  for (const key of settingKeys) {
    const places = configuration.inspect(key);
    const values = [places?.globalValue, places?.workspaceValue, places?.workspaceFolderValue];
    if (values.some((value) => value !== undefined)) settings[key] = plain(configuration.get(key));
  }
  for (const { kind, key } of parseSettings(readRawSettings()).problems) {
    if (kind === "unknown") settings[key.slice(settingsPrefix.length + 1)] = null;
  }
  return settings;
}

/** Keys that the workspace sets; those that are held back are read from its files. */
function workspaceKeys(): string[] {
  const configuration = vscode.workspace.getConfiguration(settingsPrefix);
  const set = settingKeys.filter((key) => {
    const places = configuration.inspect(key);
    return places?.workspaceValue !== undefined || places?.workspaceFolderValue !== undefined;
  });
  if (vscode.workspace.isTrusted) return set;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const files = [
    ...folders.map(({ uri }) => vscode.Uri.joinPath(uri, ".vscode", "settings.json")),
    ...(vscode.workspace.workspaceFile === undefined ? [] : [vscode.workspace.workspaceFile]),
  ];
  const paths = files.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
  return [...new Set([...set, ...keysInFiles(paths)])];
}

/** The editor's objects are proxies that cannot be sent to another process. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
