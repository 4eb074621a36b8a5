import type { RemoteEndpoint } from "../engine/remote/types.ts";
import { namesOf } from "../health/endpoints/endpoint.ts";
import type { Settings } from "../protocol/settings.ts";

/** The entries with their keys; one given goes before that of the environment. */
export function remoteEndpointsOf(
  entries: Settings["remote.endpoints"],
  keys: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): readonly RemoteEndpoint[] {
  const names = namesOf(entries);
  return entries.map(({ url, model = "", keyVariable = "" }, index) => {
    const key = (own(keys, url) ?? own(env, keyVariable.trim()) ?? "").trim();
    return {
      url: url.trim(),
      name: names[index] ?? url,
      ...(key === "" ? {} : { key }),
      ...(model.trim() === "" ? {} : { model: model.trim() }),
    };
  });
}

/** What a record itself holds: settings may name anything, such as `constructor`. */
function own(
  record: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
