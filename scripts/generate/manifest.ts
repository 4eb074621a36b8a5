import { z } from "zod";
import {
  commandCategory,
  commandDeclarations,
  findingCommandDeclarations,
} from "../../server/protocol/commands.ts";
import type { CommandDeclaration } from "../../server/protocol/commands.ts";
import {
  settingDeclarations,
  settingsPrefix,
  type SettingDeclaration,
} from "../../server/protocol/settings.ts";
import { reviewContributions } from "./reviewContributions.ts";
import { walkthroughContributions } from "./walkthrough.ts";

const settings: [string, SettingDeclaration][] = Object.entries(settingDeclarations);
const commands: [string, CommandDeclaration][] = Object.entries(commandDeclarations);
const findingCommands: [string, CommandDeclaration][] = Object.entries(findingCommandDeclarations);

/** package.json with its contributions and trust rules from the tables; the rest stays. */
export function renderManifest(current: string): string {
  const manifest = JSON.parse(current) as {
    contributes?: Record<string, unknown>;
    capabilities?: Record<string, unknown>;
  };
  const keybindings = commands.flatMap(([id, { key }]) => (key ? [{ command: id, ...key }] : []));
  manifest.contributes = {
    ...manifest.contributes,
    configuration: { title: "StarCoder Local", properties: configurationProperties() },
    commands: [...commands, ...findingCommands].map(([id, { title, enablement, icon }]) => ({
      command: id,
      title,
      category: commandCategory,
      ...(enablement === undefined ? {} : { enablement }),
      ...(icon === undefined ? {} : { icon: `$(${icon})` }),
    })),
    ...(keybindings.length > 0 ? { keybindings } : {}),
    ...reviewContributions,
    ...walkthroughContributions(),
  };
  manifest.capabilities = {
    ...manifest.capabilities,
    untrustedWorkspaces: {
      supported: "limited",
      description:
        "Suggestions work. Settings that choose the model or use memory and threads are not taken from the workspace.",
      restrictedConfigurations: settings
        .filter(([, { restricted }]) => restricted)
        .map(([key]) => `${settingsPrefix}.${key}`),
    },
  };
  return JSON.stringify(manifest, null, 2);
}

function configurationProperties(): Record<string, unknown> {
  return Object.fromEntries(
    settings.map(([key, declaration], order) => [
      `${settingsPrefix}.${key}`,
      {
        ...jsonSchemaOf(declaration.schema),
        default: declaration.default,
        markdownDescription: `${declaration.description}\n\n${declaration.when}`,
        ...(declaration.valueDescriptions
          ? { enumDescriptions: declaration.valueDescriptions }
          : {}),
        scope: declaration.scope,
        order,
      },
    ]),
  );
}

/** The editor draws a field only for plain types: `anyOf` with null becomes a list of types. */
function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { anyOf, ...rest } = z.toJSONSchema(schema);
  const plain = Object.fromEntries(
    Object.entries(rest).filter(([name]) => name !== "$schema" && name !== "propertyNames"),
  );
  if (!anyOf) return plain;
  const alternatives = anyOf as Record<string, unknown>[];
  return { ...alternatives[0], type: alternatives.map(({ type }) => type) };
}
