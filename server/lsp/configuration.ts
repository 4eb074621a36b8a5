import {
  DidChangeConfigurationNotification,
  type ClientCapabilities,
  type Connection,
} from "vscode-languageserver/node";
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
}

/**
 * Settings from `workspace/configuration` where the client has it, else from
 * `initializationOptions` and from what `didChangeConfiguration` carries.
 */
export function createConfiguration(options: ConfigurationOptions): Configuration {
  const { connection, capabilities, initializationOptions, onSettings } = options;
  const canAsk = capabilities.workspace?.configuration === true;
  const canRegister = capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;

  async function ask(): Promise<void> {
    let answer: unknown;
    try {
      answer = await connection.workspace.getConfiguration(settingsPrefix);
    } catch {
      // A client that cannot answer has said what it has at the start.
    }
    // Clients that know no such section answer null or an empty object.
    onSettings(parseSettings(isFilled(answer) ? answer : initializationOptions));
  }

  return {
    initial: parseSettings(initializationOptions),
    isInitialFinal: !canAsk || isFilled(initializationOptions),
    async begin() {
      connection.onDidChangeConfiguration(({ settings }: { settings: unknown }) => {
        if (canAsk) void ask();
        else if (isFilled(settings)) onSettings(parseSettings(settings));
      });
      if (!canAsk) return;
      if (canRegister) {
        await connection.client.register(DidChangeConfigurationNotification.type, {
          section: settingsPrefix,
        });
      }
      await ask();
    },
  };
}

function isFilled(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
