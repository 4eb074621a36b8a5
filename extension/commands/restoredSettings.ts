import { parseSettings } from "../../server/protocol/parseSettings.ts";
import { settingKeys, type SettingKey, type Settings } from "../../server/protocol/settings.ts";

/** Settings of a backup as they can be written. */
export interface RestoredSettings {
  /** Valid ones whose value differs from the present one. */
  readonly changes: readonly { readonly key: SettingKey; readonly value: unknown }[];
  /** Full names of those that this version does not know or whose value is not valid. */
  readonly refused: readonly string[];
}

/** Compares the settings of a backup, flat and without prefix, with those in force. */
export function compareSettings(
  restored: Readonly<Record<string, unknown>>,
  present: Settings,
): RestoredSettings {
  const { settings, problems } = parseSettings(restored);
  const refused = new Set(problems.map(({ key }) => key));
  const changes = settingKeys.flatMap((key) => {
    const value = restored[key];
    if (value === undefined || value === null || refused.has(`starcoder.${key}`)) return [];
    const isSame = JSON.stringify(settings[key]) === JSON.stringify(present[key]);
    return isSame ? [] : [{ key, value }];
  });
  return { changes, refused: [...refused] };
}
