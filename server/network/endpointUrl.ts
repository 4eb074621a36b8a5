/** A valid address of a remote engine, taken apart. */
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
    loopback: isLoopback(url),
    path: url.pathname.replace(/\/+$/, ""),
  };
}

/** Whether an address is this machine itself. */
export function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(hostname);
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

/** Where a server's own paths begin, such as `/health`, and where those of OpenAI do. */
export function pathsOf({ path }: EndpointUrl): { readonly root: string; readonly v1: string } {
  const root = path.replace(/\/v1$/, "");
  return { root, v1: `${root}/v1` };
}

/** Whether a text can be sent as a key: a header holds no other characters. */
export function isKey(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Whether nobody between can read a key sent there: no proxy leads to this machine. */
export function mayCarryKey({ secure, loopback }: EndpointUrl): boolean {
  return secure || loopback;
}
