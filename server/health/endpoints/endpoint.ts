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

/** A valid address, taken apart. */
export interface EndpointUrl {
  readonly secure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Whether it is this machine by name or address. */
  readonly loopback: boolean;
  /** Without a slash at the end. */
  readonly path: string;
}

/** The parts of an http or https address; undefined where it is none. */
export function parseEndpoint(text: string): EndpointUrl | undefined {
  if (!/^https?:\/\//i.test(text.trim())) return undefined;
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || url.hostname === "") return undefined;
  const secure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return {
    secure,
    host,
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    loopback: /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host),
    path: url.pathname.replace(/\/+$/, ""),
  };
}

/** An address fit to be shown: without user, password and query, which may be secret. */
export function addressOf(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  // What is no address may still have a password in it.
  if (url === undefined || url.host === "") {
    const [place = ""] = text.trim().split("?");
    return place.replace(/^([a-z][\w+.-]*:\/\/)?.*@/i, "$1");
  }
  return `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`;
}

/** What an entry is called: its name, else where it leads. */
export function nameOf({ name, url }: RemoteEndpoint): string {
  const given = name?.trim() ?? "";
  if (given !== "") return given;
  return parseEndpoint(url) === undefined ? addressOf(url) : new URL(url.trim()).host;
}
