import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { interpolate, type Variables } from "./interpolate.ts";

/** What was parsed and not looked at yet. */
export type Value = string | number | boolean | null | readonly Value[] | Mapping;
export interface Mapping {
  readonly [key: string]: Value | undefined;
}

/** Whether a value is a mapping. */
export function isMapping(value: Value | undefined): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mapping at a key, or an empty one. */
export function mappingAt(value: Value | undefined, ...keys: readonly string[]): Mapping {
  let at = value;
  for (const key of keys) at = isMapping(at) ? at[key] : undefined;
  return isMapping(at) ? at : {};
}

/** The list at a key, or an empty one. */
export function listAt(value: Mapping, key: string): readonly Value[] {
  const found = value[key];
  return Array.isArray(found) ? (found as readonly Value[]) : [];
}

/** The text at a key; empty where there is none. */
export function textAt(value: Mapping, key: string): string {
  const found = value[key];
  return typeof found === "string" ? found : "";
}

/** One compose file with its variables filled in. */
export function readComposeFile(folder: string, file: string, variables: Variables): Mapping {
  const text = readFileSync(join(folder, file), "utf8");
  return mappingAt(parse(interpolate(text, variables)) as Value);
}

/** Compose files put together as compose does it, with what services extend. */
export function readDeployment(
  folder: string,
  files: readonly string[],
  variables: Variables,
): Mapping {
  const extend = (service: Mapping, own: Mapping): Mapping => {
    const { extends: base, ...rest } = service;
    if (!isMapping(base)) return rest;
    const file = textAt(base, "file");
    const from = file === "" ? own : readComposeFile(folder, file, variables);
    const extended = mappingAt(from, "services", textAt(base, "service"));
    return mergeMappings(extend(extended, from), rest);
  };
  let merged: Mapping = {};
  for (const file of files) {
    const document = readComposeFile(folder, file, variables);
    const services = Object.entries(mappingAt(document, "services")).map(([name, service]) => [
      name,
      extend(mappingAt(service), document),
    ]);
    const whole = { ...document, services: Object.fromEntries(services) as Mapping };
    merged = mergeMappings(merged, whole);
  }
  return merged;
}

function mergeMappings(below: Mapping, above: Mapping): Mapping {
  const merged: Record<string, Value | undefined> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key];
    if (isMapping(old) && isMapping(value)) merged[key] = mergeMappings(old, value);
    else if (!Array.isArray(old) || !Array.isArray(value)) merged[key] = value;
    // A command says all of it; mounts of one place replace each other; other lists grow.
    else if (["command", "entrypoint", "test"].includes(key)) merged[key] = value;
    else merged[key] = mergeLists(old as readonly Value[], value as readonly Value[]);
  }
  return merged;
}

function mergeLists(below: readonly Value[], above: readonly Value[]): readonly Value[] {
  const placeOf = (value: Value | undefined) => (isMapping(value) ? value["target"] : undefined);
  const taken = new Set<Value | undefined>(above.map(placeOf));
  taken.delete(undefined);
  return [...below.filter((value) => !taken.has(placeOf(value))), ...above];
}
