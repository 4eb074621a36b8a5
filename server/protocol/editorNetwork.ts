import { z } from "zod";

/** The editor's own network settings (`http.proxy` …), as far as they are set. */
export const editorNetworkSchema = z.object({
  /** Address of a proxy, which may hold user and password: not to be shown. */
  proxy: z.string().optional(),
  /** Names that are reached without it, as those of `NO_PROXY`. */
  noProxy: z.array(z.string()).optional(),
  /** False: certificates are not checked. */
  strictSSL: z.boolean().optional(),
});
export type EditorNetwork = z.infer<typeof editorNetworkSchema>;

/** The editor's `http.*` settings, as the editor has them: of any type where the user erred. */
export interface HttpSettings {
  readonly proxy: unknown;
  readonly noProxy: unknown;
  readonly proxyStrictSSL: unknown;
  /** `off`: extensions shall use no proxy. */
  readonly proxySupport: unknown;
}

/** Those that are asked for, and no others: `http.proxyAuthorization` is a password. */
export const httpSettingKeys = [
  "http.proxy",
  "http.noProxy",
  "http.proxyStrictSSL",
  "http.proxySupport",
] as const;

/** What of the editor's network settings differs from none; undefined where nothing does. */
export function networkOf(http: HttpSettings): EditorNetwork | undefined {
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
