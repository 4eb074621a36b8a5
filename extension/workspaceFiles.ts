import { readFileSync, statSync } from "node:fs";
import { settingKeys, settingsPrefix, type SettingKey } from "../server/protocol/settings.ts";

const mostBytes = 1_000_000;

/**
 * Our settings that are named in files of settings. An editor does not tell which settings of an
 * untrusted workspace it holds back.
 */
export function keysInFiles(paths: readonly string[]): readonly SettingKey[] {
  const text = paths.map(read).join("\n");
  return settingKeys.filter((key) => text.includes(`"${settingsPrefix}.${key}"`));
}

function read(path: string): string {
  try {
    if (statSync(path).size > mostBytes) return "";
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.filter((line) => !line.trimStart().startsWith("//")).join("\n");
  } catch {
    return "";
  }
}
