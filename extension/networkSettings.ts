import type { EditorFacts } from "../server/protocol/editorFacts.ts";

/** The editor's `http.*` settings, as the editor has them: of any type where the user erred. */
export interface HttpSettings {
  readonly proxy: unknown;
  readonly noProxy: unknown;
  readonly proxyStrictSSL: unknown;
  /** `off`: extensions shall use no proxy. */
  readonly proxySupport: unknown;
}

/** What of the editor's network settings differs from none; undefined where nothing does. */
export function networkOf(http: HttpSettings): EditorFacts["network"] {
  const proxy = typeof http.proxy === "string" ? http.proxy.trim() : "";
  const noProxy = Array.isArray(http.noProxy)
    ? http.noProxy.filter((host) => typeof host === "string")
    : [];
  const network = {
    ...(proxy === "" || http.proxySupport === "off" ? {} : { proxy }),
    ...(noProxy.length === 0 ? {} : { noProxy }),
    ...(http.proxyStrictSSL === false ? { strictSSL: false } : {}),
  };
  return Object.keys(network).length === 0 ? undefined : network;
}
