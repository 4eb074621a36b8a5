import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { performance } from "node:perf_hooks";
import type { Duplex } from "node:stream";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";
import type { EndpointUrl } from "../../network/endpointUrl.ts";
import type { Proxy } from "../../network/proxyFor.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { EndpointStage } from "./endpoint.ts";
import { openTunnel } from "./tunnel.ts";

/** The way ended at a stage, for a reason of the table. */
export class StageError extends Error {
  override readonly name = "StageError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ChannelOptions {
  readonly endpoint: EndpointUrl;
  readonly proxy: Proxy | undefined;
  /** What certificates are checked by. */
  readonly trust: () => SecureContext;
  /** False: a certificate that is not accepted is only told of. */
  readonly strictSSL: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds each stage may take. */
  readonly stageMs: number;
  readonly now: () => Date;
  readonly onStage: (stage: EndpointStage) => void;
  readonly onWarning: (message: string, code: ErrorCode) => void;
}

/** Opens the way to where HTTP is spoken: name, connection, proxy, encryption. Throws `StageError`. */
export async function openChannel(options: ChannelOptions): Promise<Duplex> {
  const { endpoint, proxy, onStage, stageMs, signal } = options;
  const via = proxy?.place ?? endpoint;
  await resolveName(via, proxy, options);
  let socket: Duplex = await dial(via, proxy, options);
  if (proxy?.place.secure === true) socket = await encrypt(socket, proxy.place, options);
  if (proxy !== undefined && !isForwarded(endpoint, proxy)) {
    const startedAt = performance.now();
    await openTunnel(socket, endpoint, proxy, { signal, stageMs });
    onStage({ name: "proxy", ms: performance.now() - startedAt, detail: nameOfPlace(via) });
  }
  return endpoint.secure ? encrypt(socket, endpoint, options) : socket;
}

/** Whether a proxy is told the whole address; else it tunnels. As the engines do it. */
export function isForwarded(endpoint: EndpointUrl, proxy: Proxy | undefined): boolean {
  return proxy !== undefined && !endpoint.secure && !proxy.place.secure;
}

async function resolveName(
  { host }: EndpointUrl,
  proxy: Proxy | undefined,
  { onStage, stageMs }: ChannelOptions,
): Promise<void> {
  if (isIP(host) !== 0) return;
  const startedAt = performance.now();
  const whose = proxy === undefined ? "" : `the proxy of ${proxy.namedBy}, `;
  const code = proxy === undefined ? "ENDPOINT_DNS" : "ENDPOINT_PROXY";
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error("no answer in time")), stageMs);
    });
    const addresses = await Promise.race([lookup(host, { all: true }), late]);
    const detail = addresses.map(({ address }) => address).slice(0, 3);
    onStage({ name: "DNS", ms: performance.now() - startedAt, detail: detail.join(" ") });
  } catch (thrown) {
    throw new StageError(code, `${whose}${host} cannot be resolved: ${reasonOf(thrown)}.`);
  } finally {
    clearTimeout(timer);
  }
}

function dial(
  place: EndpointUrl,
  proxy: Proxy | undefined,
  { onStage, stageMs, signal }: ChannelOptions,
): Promise<Socket> {
  const startedAt = performance.now();
  const code = proxy === undefined ? "ENDPOINT_UNREACHABLE" : "ENDPOINT_PROXY";
  const where =
    proxy === undefined
      ? nameOfPlace(place)
      : `the proxy ${nameOfPlace(place)} of ${proxy.namedBy}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: place.host, port: place.port, signal });
    const fail = (reason: string) => {
      socket.destroy();
      reject(new StageError(code, `${where} does not accept connections: ${reason}.`));
    };
    const timer = setTimeout(() => fail(`nothing within ${stageMs / 1000} s`), stageMs);
    socket.on("error", (error) => {
      clearTimeout(timer);
      fail(reasonOf(error));
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      onStage({ name: "TCP", ms: performance.now() - startedAt });
      resolve(socket);
    });
  });
}

const soonMs = 14 * 86_400_000;

/** Encrypts a connection and looks at the certificate; nothing is sent to one that is not accepted. */
function encrypt(socket: Duplex, place: EndpointUrl, options: ChannelOptions): Promise<TLSSocket> {
  const { onStage, onWarning, stageMs, now, trust, strictSSL } = options;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket,
      host: place.host,
      // A server name must be a name.
      ...(isIP(place.host) === 0 ? { servername: place.host } : {}),
      // The reason is wanted, which is only told of a connection that came to be.
      rejectUnauthorized: false,
      secureContext: trust(),
      ALPNProtocols: ["http/1.1"],
    });
    const fail = (reason: string) => {
      secure.destroy();
      socket.destroy();
      reject(new StageError("ENDPOINT_TLS", reason));
    };
    const timer = setTimeout(
      () => fail(`the encryption was not agreed on within ${stageMs / 1000} s.`),
      stageMs,
    );
    secure.on("error", (error) => {
      clearTimeout(timer);
      fail(`no encryption: ${reasonOf(error)}.`);
    });
    secure.once("close", () => {
      clearTimeout(timer);
      fail("the connection was closed before the encryption was agreed on.");
    });
    secure.once("secureConnect", () => {
      clearTimeout(timer);
      const { valid_from: from, valid_to: to, subject } = secure.getPeerCertificate();
      if (!secure.authorized) {
        const reason = String(secure.authorizationError);
        // An unknown authority is told first, and may be no more than what is wrong besides.
        const isOver = Date.parse(to) < now().getTime();
        const detail = `it is for ${String(subject.CN)}, valid from ${from} to ${to}`;
        const why = `(${reason}): ${explain(isOver ? "EXPIRED" : reason)}; ${detail}.`;
        if (strictSSL) {
          fail(`the certificate is not accepted ${why}`);
          return;
        }
        const unchecked =
          "The editor's http.proxyStrictSSL is off: anyone may be at the other end.";
        onWarning(`${unchecked} The certificate would not be accepted ${why}`, "ENDPOINT_TLS");
      } else if (Date.parse(to) - now().getTime() < soonMs) {
        onWarning(`The certificate expires at ${to}.`, "ENDPOINT_TLS");
      }
      const detail = `${secure.getProtocol() ?? ""}, certificate until ${to}`;
      onStage({ name: "TLS", ms: performance.now() - startedAt, detail });
      resolve(secure);
    });
  });
}

function explain(reason: string): string {
  if (/EXPIRED/.test(reason)) return "it has expired";
  if (/NOT_YET_VALID/.test(reason)) return "it is not valid yet";
  if (/ALTNAME|altname/.test(reason)) return "it is made for another name";
  if (/SELF_SIGNED/.test(reason)) return "it is signed by an authority that is not known here";
  if (/UNABLE_TO_(GET_ISSUER|VERIFY)/.test(reason)) return "its authority is not known here";
  return "it cannot be verified";
}

/** Host and port, as people write them. */
export function nameOfPlace({ host, port }: EndpointUrl): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The system's reason in a few words. */
export function reasonOf(thrown: unknown): string {
  // Several addresses were tried.
  if (thrown instanceof AggregateError) return reasonOf(thrown.errors[0]);
  if (!(thrown instanceof Error)) return String(thrown);
  const code = "code" in thrown ? String(thrown.code) : "";
  return (code === "" ? thrown.message : code).replace(/\.$/, "");
}
