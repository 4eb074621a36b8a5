import { isLoopback, parseEndpoint, type EndpointUrl } from "./endpointUrl.ts";

/** What decides on the way to an address. */
export interface ProxySettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The editor's own proxy; goes before the environment's. */
  readonly proxy?: string | undefined;
  /** Names that the editor reaches without a proxy, beside those of `NO_PROXY`. */
  readonly noProxy?: readonly string[] | undefined;
}

export interface Proxy {
  readonly place: EndpointUrl;
  /** Its address, without user and password. */
  readonly origin: string;
  /** What names it, for people: a variable, or the editor's setting. */
  readonly namedBy: string;
  /** For the `Proxy-Authorization` header, where the address has a user. */
  readonly authorization?: string;
}

/** Something names a proxy, with what is no http or https address. */
export interface BadProxy {
  /** What names it, as in `Proxy`. */
  readonly invalid: string;
}

/** Says so without the address, which may hold a password. */
export function badProxy({ invalid }: BadProxy): string {
  return `${invalid} is no http or https address of a proxy.`;
}

/** How the editor's setting is called. */
const editorProxy = "the editor's http.proxy";

/**
 * The proxy that leads to an address: the editor's, else `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`
 * in either case. Undefined for this machine's own addresses, and those that are excepted.
 */
export function proxyFor(
  url: URL,
  { env, proxy, noProxy = [] }: ProxySettings,
): Proxy | BadProxy | undefined {
  const except = read(env, "NO_PROXY")?.value ?? "";
  if (isLoopback(url) || isExcepted(url, [...except.split(/[\s,]+/), ...noProxy])) {
    return undefined;
  }
  const own = proxy?.trim() ?? "";
  const scheme = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const found =
    own === ""
      ? (read(env, scheme) ?? read(env, "ALL_PROXY"))
      : { namedBy: editorProxy, value: own };
  return found === undefined ? undefined : proxyAt(found);
}

interface Found {
  readonly namedBy: string;
  readonly value: string;
}

function proxyAt({ namedBy, value }: Found): Proxy | BadProxy {
  const address = value.includes("://") ? value : `http://${value}`;
  const place = parseEndpoint(address);
  if (place === undefined) return { invalid: namedBy };
  const { origin, username, password } = new URL(address);
  if (username === "") return { place, origin, namedBy };
  const pair = `${decoded(username)}:${decoded(password)}`;
  const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  return { place, origin, namedBy, authorization };
}

/** A password may hold a percent sign that is no escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function read(env: ProxySettings["env"], name: string): Found | undefined {
  for (const namedBy of [name.toLowerCase(), name]) {
    const value = env[namedBy]?.trim() ?? "";
    if (value !== "") return { namedBy, value };
  }
  return undefined;
}

/** Names with or without a leading dot stand for all below them; a port may follow. */
function isExcepted(url: URL, names: readonly string[]): boolean {
  const wanted = url.hostname.toLowerCase().replace(/^\[|\]$/g, "");
  const wantedPort = url.port || (url.protocol === "https:" ? "443" : "80");
  return names.some((entry) => {
    if (entry === "*") return true;
    const lower = entry.trim().toLowerCase();
    const [, name = lower, port] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(lower) ?? [];
    if (port !== undefined && port !== wantedPort) return false;
    const bare = name.replace(/^\*?\./, "").replace(/^\[|\]$/g, "");
    return bare !== "" && (wanted === bare || wanted.endsWith(`.${bare}`));
  });
}
