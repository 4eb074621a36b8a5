import type { LogFields } from "./logger.ts";

/** Fields that hold source text; they are written only while the user allows it. */
export const sourceFields: ReadonlySet<string> = new Set([
  "prompt",
  "prefix",
  "suffix",
  "text",
  "suggestion",
  "generated",
]);

/** The fields without source text, unless that is allowed; the same object where there is none. */
export function withoutSource(fields: LogFields, allowed: () => boolean): LogFields {
  const hasSource = Object.keys(fields).some((name) => sourceFields.has(name));
  if (!hasSource || allowed()) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !sourceFields.has(name)));
}
