/** What decides on the way to an address. */
export interface ProxySettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The editor's own proxy; goes before the environment's. */
  readonly proxy?: string | undefined;
  /** Names that the editor reaches without a proxy, beside those of `NO_PROXY`. */
  readonly noProxy?: readonly string[] | undefined;
}

/**
 * The proxy that leads to an address: the editor's, else `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`
 * in either case. Undefined for this machine's own addresses, and those that are excepted.
 */
export function proxyFor(
  url: URL,
  { env, proxy, noProxy = [] }: ProxySettings,
): string | undefined {
  if (isLoopback(url) || isExcepted(url, [...namesIn(read(env, "NO_PROXY")), ...noProxy])) {
    return undefined;
  }
  const own = proxy?.trim() ?? "";
  const scheme = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const found = own === "" ? (read(env, scheme) ?? read(env, "ALL_PROXY")) : own;
  if (found === undefined) return undefined;
  return found.includes("://") ? found : `http://${found}`;
}

/** Whether an address is this machine itself. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(hostname);
}

function read(env: ProxySettings["env"], name: string): string | undefined {
  return [env[name.toLowerCase()], env[name]].map((value) => value?.trim()).find(Boolean);
}

function namesIn(list: string | undefined): string[] {
  return (list ?? "").split(/[\s,]+/);
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
