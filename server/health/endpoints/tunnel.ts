import { request } from "node:http";
import type { Duplex } from "node:stream";
import { nameOfPlace, reasonOf, StageError } from "./channel.ts";
import type { EndpointUrl } from "../../network/endpointUrl.ts";
import type { Proxy } from "../../network/proxyFor.ts";

/** Asks a proxy to connect on through a socket to it. Throws `StageError` `ENDPOINT_PROXY`. */
export function openTunnel(
  socket: Duplex,
  endpoint: EndpointUrl,
  proxy: Proxy,
  { signal, stageMs }: { readonly signal: AbortSignal; readonly stageMs: number },
): Promise<void> {
  const where = `the proxy ${nameOfPlace(proxy.place)} of ${proxy.namedBy}`;
  const target = nameOfPlace(endpoint);
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      socket.destroy();
      reject(new StageError("ENDPOINT_PROXY", `${where} ${reason}.`));
    };
    const asking = request({
      method: "CONNECT",
      path: target,
      createConnection: () => socket,
      headers: {
        host: target,
        ...(proxy.authorization === undefined
          ? {}
          : { "proxy-authorization": proxy.authorization }),
      },
      signal,
    });
    const timer = setTimeout(() => fail(`did not answer within ${stageMs / 1000} s`), stageMs);
    asking.once("connect", ({ statusCode = 0 }) => {
      clearTimeout(timer);
      if (statusCode >= 200 && statusCode < 300) resolve();
      else fail(`answered with status ${statusCode}`);
    });
    asking.once("response", ({ statusCode = 0 }) => {
      clearTimeout(timer);
      fail(`answered with status ${statusCode}`);
    });
    asking.on("error", (error) => {
      clearTimeout(timer);
      fail(`broke off: ${reasonOf(error)}`);
    });
    asking.end();
  });
}
