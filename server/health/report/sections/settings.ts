import { isDeepStrictEqual } from "node:util";
import { secretName } from "../../../logs/privateFacts.ts";
import { redactedMark } from "../../../logs/redact.ts";
import { defaultSettings, settingKeys, type Settings } from "../../../protocol/settings.ts";
import { fenced } from "../markdown.ts";

/** They name what holds a secret, and hold none. */
const harmless = new Set<string>([...settingKeys, "keyVariable"]);

/** The user's settings that are not as by default; values under secret names are not shown. */
export function settingsSection(settings: Readonly<Record<string, unknown>> | undefined): string {
  if (settings === undefined) return "Not known: only the editor knows them.";
  const changed = Object.entries(settings).filter(
    ([key, value]) => !isDeepStrictEqual(value, defaultSettings[key as keyof Settings]),
  );
  if (changed.length === 0) return "All as by default.";
  const shown = Object.fromEntries(changed.map(([key, value]) => [key, hide(key, value)]));
  return fenced(JSON.stringify(shown, undefined, 2), "json");
}

function hide(name: string, value: unknown): unknown {
  if (secretName.test(name) && !harmless.has(name)) return redactedMark;
  if (Array.isArray(value)) return value.map((each) => hide("", each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(key, inner)]));
}
