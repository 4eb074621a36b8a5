import * as vscode from "vscode";
import { parseSettings } from "../server/protocol/parseSettings.ts";
import { settingsPrefix, type SettingKey, type Settings } from "../server/protocol/settings.ts";

/** The user's settings, validated; read once per change, since every key asks for them. */
export interface SettingsStore {
  readonly current: Settings;
  onChange(listener: () => void): vscode.Disposable;
  /** Writes where the value is set already, else to the user's settings. */
  write<Key extends SettingKey>(key: Key, value: Settings[Key]): Promise<void>;
  /**
   * Changes the value of the place that `write` writes to, where undefined stands for none. For
   * settings that are objects: the editor merges those of its places into `current`.
   */
  edit<Key extends SettingKey>(
    key: Key,
    change: (value: Settings[Key] | undefined) => Settings[Key] | undefined,
  ): Promise<void>;
  /** Removes the value from user, workspace and folder settings. */
  clear(key: SettingKey): Promise<void>;
  dispose(): void;
}

/** As the editor has them, nested and without the prefix: what the server takes at its start. */
export function readRawSettings(): unknown {
  const raw: unknown = vscode.workspace.getConfiguration().get(settingsPrefix);
  // The editor's object is a proxy that cannot be sent to another process.
  return raw === undefined ? undefined : JSON.parse(JSON.stringify(raw));
}

export function createSettingsStore(): SettingsStore {
  const changes = new vscode.EventEmitter<undefined>();
  let current = parseSettings(readRawSettings()).settings;
  const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(settingsPrefix)) {
      current = parseSettings(readRawSettings()).settings;
      changes.fire(undefined);
    }
  });
  return {
    get current() {
      return current;
    },
    onChange: (listener) => changes.event(listener),
    async write(key, value) {
      const configuration = vscode.workspace.getConfiguration(settingsPrefix);
      await configuration.update(key, value, targetOf(configuration, key));
    },
    async edit(key, change) {
      const configuration = vscode.workspace.getConfiguration(settingsPrefix);
      const target = targetOf(configuration, key);
      const places = configuration.inspect<Settings[typeof key]>(key);
      const value =
        target === vscode.ConfigurationTarget.Workspace
          ? places?.workspaceValue
          : places?.globalValue;
      await configuration.update(key, change(value), target);
    },
    async clear(key) {
      const configuration = vscode.workspace.getConfiguration(settingsPrefix);
      const places = configuration.inspect(key);
      if (places?.workspaceValue !== undefined) {
        await configuration.update(key, undefined, vscode.ConfigurationTarget.Workspace);
      }
      if (places?.globalValue !== undefined) {
        await configuration.update(key, undefined, vscode.ConfigurationTarget.Global);
      }
    },
    dispose() {
      subscription.dispose();
      changes.dispose();
    },
  };
}

function targetOf(
  configuration: vscode.WorkspaceConfiguration,
  key: SettingKey,
): vscode.ConfigurationTarget {
  return configuration.inspect(key)?.workspaceValue === undefined
    ? vscode.ConfigurationTarget.Global
    : vscode.ConfigurationTarget.Workspace;
}
