import {
  DidChangeConfigurationNotification,
  type ClientCapabilities,
  type Connection,
} from "vscode-languageserver/node";
import { httpSettingKeys, networkOf, type EditorNetwork } from "../protocol/editorNetwork.ts";
import { parseSettings, type ParsedSettings } from "../protocol/parseSettings.ts";
import { settingsPrefix } from "../protocol/settings.ts";

/** Where the settings come from, for one client. */
export interface Configuration {
  /** From `initializationOptions`, or the defaults. */
  readonly initial: ParsedSettings;
  /** Whether they can be relied on before the client was asked: then the model may start at once. */
  readonly isInitialFinal: boolean;
  /** Asks the client and listens for changes; for after `initialized`. */
  begin(): Promise<void>;
}

export interface ConfigurationOptions {
  readonly connection: Connection;
  readonly capabilities: ClientCapabilities;
  readonly initializationOptions: unknown;
  readonly onSettings: (parsed: ParsedSettings) => void;
  /** The editor's own network settings, before the settings that they came with. */
  readonly onNetwork: (network: EditorNetwork | undefined) => void;
}

/**
 * Settings from `workspace/configuration` where the client has it, else from
 * `initializationOptions` and from what `didChangeConfiguration` carries. The editor's own network
 * settings are asked for in the same way; who has none answers null.
 */
export function createConfiguration(options: ConfigurationOptions): Configuration {
  const { connection, capabilities, initializationOptions, onSettings, onNetwork } = options;
  const initial = parseSettings(initializationOptions);
  const canAsk = capabilities.workspace?.configuration === true;
  const canRegister = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;

  async function ask(): Promise<void> {
    const [answer, network] = await Promise.all([
      // A client that cannot answer has said what it has at the start.
      connection.workspace.getConfiguration(settingsPrefix).catch(() => undefined) as unknown,
      askNetwork(),
    ]);
    onNetwork(network);
    // Clients that know no such section answer null or an empty object.
    onSettings(parseSettings(isFilled(answer) ? answer : initializationOptions));
  }

  /** Asked apart: a client that fails at keys that it does not know still tells the settings. */
  async function askNetwork(): Promise<EditorNetwork | undefined> {
    const items = httpSettingKeys.map((section) => ({ section }));
    try {
      const answer: unknown = await connection.workspace.getConfiguration(items);
      const [proxy, noProxy, proxyStrictSSL, proxySupport] = Array.isArray(answer)
        ? (answer as unknown[])
        : [];
      return networkOf({ proxy, noProxy, proxyStrictSSL, proxySupport });
    } catch {
      return undefined;
    }
  }

  return {
    initial,
    // Remote engines are not asked before it is known which proxy leads to them.
    isInitialFinal:
      !canAsk ||
      (isFilled(initializationOptions) && initial.settings["remote.endpoints"].length === 0),
    async begin() {
      connection.onDidChangeConfiguration(({ settings }: { settings: unknown }) => {
        if (canAsk) void ask();
        else if (isFilled(settings)) onSettings(parseSettings(settings));
      });
      if (!canAsk) return;
      if (canRegister) {
        await connection.client.register(DidChangeConfigurationNotification.type, {
          section: [settingsPrefix, ...httpSettingKeys],
        });
      }
      await ask();
    },
  };
}

function isFilled(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
