import { addressOf, parseEndpoint } from "../../network/endpointUrl.ts";
import type { EndpointKind } from "../../protocol/endpoints.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/settings.ts";

/** One entry of `starcoder.remote.endpoints`. */
export type RemoteEndpoint = Settings["remote.endpoints"][number];

/** A stage on the way to a remote engine that was passed. */
export interface EndpointStage {
  readonly name: "DNS" | "TCP" | "proxy" | "TLS" | "health" | "models";
  readonly ms: number;
  readonly detail?: string;
}

/** What was seen on the way to a remote engine. */
export interface EndpointSeen {
  readonly stages: readonly EndpointStage[];
  /** Where the way ended. */
  readonly fault?: { readonly code: ErrorCode; readonly message: string };
  readonly warnings: readonly {
    readonly code?: ErrorCode;
    readonly message: string;
    readonly remedy?: string;
  }[];
  /** Names of the models that it says it serves. */
  readonly models: readonly string[];
}

/** What an endpoint is to the engine that would use it. */
export type EndpointDescribed =
  | {
      readonly kind: "known";
      readonly server: EndpointKind;
      readonly model: string;
      readonly fillsMiddle: boolean;
      /** What it cannot do, as sentences. */
      readonly limits: readonly string[];
    }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

/** What an entry is called: its name, else where it leads. */
export function nameOf({ name, url }: RemoteEndpoint): string {
  const given = name?.trim() ?? "";
  if (given !== "") return given;
  return parseEndpoint(url) === undefined ? addressOf(url) : new URL(url.trim()).host;
}

/** What the entries are called, one by one; of several of one name the later ones are numbered. */
export function namesOf(endpoints: readonly RemoteEndpoint[]): string[] {
  const taken = new Set<string>();
  return endpoints.map((endpoint) => {
    const wanted = nameOf(endpoint);
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted} ${count}`;
    taken.add(name);
    return name;
  });
}
