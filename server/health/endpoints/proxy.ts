import { parseEndpoint, type EndpointUrl } from "../../network/endpointUrl.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Proxy {
  readonly url: EndpointUrl;
  /** The variable that names it. */
  readonly variable: string;
  /** For the `Proxy-Authorization` header, where the address has user and password. */
  readonly authorization?: string;
}

/** Which proxy leads to an address by the environment, `NO_PROXY` honoured; "invalid": a bad address. */
export function proxyFor(
  endpoint: EndpointUrl,
  environment: Environment,
): Proxy | undefined | { readonly invalid: string } {
  if (isExcepted(endpoint, read(environment, "NO_PROXY")?.value ?? "")) return undefined;
  const found =
    read(environment, endpoint.secure ? "HTTPS_PROXY" : "HTTP_PROXY") ??
    read(environment, "ALL_PROXY");
  if (found === undefined) return undefined;
  const { variable, value } = found;
  const text = value.includes("://") ? value : `http://${value}`;
  const url = parseEndpoint(text);
  if (url === undefined) return { invalid: variable };
  const { username, password } = new URL(text);
  if (username === "") return { url, variable };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, variable, authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function read(environment: Environment, name: string) {
  for (const variable of [name.toLowerCase(), name]) {
    const value = environment[variable]?.trim() ?? "";
    if (value !== "") return { variable, value };
  }
  return undefined;
}

/** Names with or without a leading dot stand for all below them; a port may follow. */
function isExcepted({ host, port }: EndpointUrl, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = entry, only] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (only !== undefined && Number(only) !== port && !name.includes(":")) return false;
      const bare = name.replace(/^\*?\./, "").replace(/^\[|\]$/g, "");
      const wanted = host.toLowerCase();
      return wanted === bare || wanted.endsWith(`.${bare}`);
    });
}
