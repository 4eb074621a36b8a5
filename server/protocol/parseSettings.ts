import { z } from "zod";
import { CodedError } from "./errors.ts";
import {
  defaultSettings,
  settingDeclarations,
  settingsPrefix,
  type SettingKey,
  type Settings,
} from "./settings.ts";

/** A value that was not used; the default of its key is in force instead. */
export const settingProblemSchema = z.object({
  code: z.literal("VALIDATION_ERROR"),
  /** The full key, such as `starcoder.model.path`. */
  key: z.string(),
  kind: z.enum(["invalid", "unknown"]),
  /** One sentence naming the key, what was expected and what is used instead. */
  message: z.string(),
});
export type SettingProblem = z.infer<typeof settingProblemSchema>;

export interface ParsedSettings {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
}

/**
 * Validates settings as an editor sends them: nested (`{"model": {"path": "…"}}`), dotted
 * (`{"model.path": "…"}`) or mixed, without the `starcoder.` prefix or all under it. Never throws:
 * a bad value is reported with its key and the default used; null and undefined mean unset.
 */
export function parseSettings(raw: unknown): ParsedSettings {
  const problems: SettingProblem[] = [];
  if (raw === undefined || raw === null) return { settings: defaultSettings, problems };
  if (!isObject(raw)) {
    problems.push(problem("", "invalid", `expected an object, got ${show(raw)}`));
    return { settings: defaultSettings, problems };
  }
  const values: Record<string, unknown> = { ...defaultSettings };
  for (const [key, value] of flatten(unwrapPrefix(raw), "")) {
    if (!isSettingKey(key)) {
      problems.push(problem(key, "unknown", "there is no such setting"));
      continue;
    }
    const declaration = settingDeclarations[key];
    const parsed = declaration.schema.safeParse(value);
    if (parsed.success) values[key] = parsed.data;
    else problems.push(problem(key, "invalid", `${explain(parsed.error)}, got ${show(value)}`));
  }
  return { settings: values as unknown as Settings, problems };
}

/** The problem as an error with its code, for logs and the status item. */
export function settingProblemToError(problem: SettingProblem): CodedError {
  return new CodedError("VALIDATION_ERROR", problem.message);
}

function problem(key: string, kind: SettingProblem["kind"], what: string): SettingProblem {
  const fullKey = key === "" ? settingsPrefix : `${settingsPrefix}.${key}`;
  const instead =
    kind === "unknown" || key === ""
      ? "It is ignored."
      : `The default ${show(settingDeclarations[key as SettingKey].default)} is used.`;
  return {
    code: "VALIDATION_ERROR",
    key: fullKey,
    kind,
    message: `${fullKey}: ${what}. ${instead}`,
  };
}

function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(settingDeclarations, key);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Some clients send the settings under `starcoder`; no setting has that name itself. */
function unwrapPrefix(raw: Record<string, unknown>): Record<string, unknown> {
  const { [settingsPrefix]: inner, ...rest } = raw;
  return isObject(inner) ? { ...rest, ...inner } : raw;
}

function* flatten(value: Record<string, unknown>, prefix: string): Generator<[string, unknown]> {
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const short = prefix === "" && name.startsWith(`${settingsPrefix}.`);
    const key = short ? name.slice(settingsPrefix.length + 1) : prefix + name;
    if (isSettingKey(key)) {
      if (inner !== null) yield [key, inner];
    } else if (isObject(inner)) yield* flatten(inner, `${key}.`);
    else yield [key, inner];
  }
}

function explain(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => {
      const where = issue.path.length > 0 ? `${issue.path.join(".")}: ` : "";
      return where + issue.message.replace(/^Invalid input: /, "");
    })
    .join("; ");
}

/** A value short enough for a message. */
function show(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return typeof value;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
