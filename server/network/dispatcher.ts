import type { SecureContext } from "node:tls";
import { Agent, Dispatcher, Pool, ProxyAgent, type buildConnector } from "undici";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";
import { CodedError } from "../protocol/errors.ts";
import { createTrust } from "./authorities.ts";
import { badProxy, proxyFor, type Proxy, type ProxySettings } from "./proxyFor.ts";

export interface DispatcherOptions extends ProxySettings {
  /** False: certificates are not checked, as the editor's own setting may say. */
  readonly strictSSL?: boolean | undefined;
  /** The editor's settings as they are now, in place of these: asked at each request. */
  readonly network?: () => EditorNetwork | undefined;
  /** Milliseconds for a connection to come about. */
  readonly connectMs?: number;
}

/**
 * What carries requests as this machine and its editor are configured: proxies, their exceptions and
 * the authorities trusted. Close it when done.
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new ConfiguredDispatcher(options);
}

class ConfiguredDispatcher extends Dispatcher {
  readonly #options: DispatcherOptions;
  /** By protocol, proxy and whether certificates are checked. */
  readonly #agents = new Map<string, Dispatcher>();
  #secureContext: SecureContext | undefined;

  constructor(options: DispatcherOptions) {
    super();
    this.#options = options;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const url = new URL(String(options.origin));
    const { env, network } = this.#options;
    const { strictSSL = true, ...settings } =
      network === undefined ? this.#options : (network() ?? {});
    const proxy = proxyFor(url, { ...settings, env });
    // Its address is not shown: it may hold a password.
    if (proxy !== undefined && "invalid" in proxy) {
      throw new CodedError("VALIDATION_ERROR", badProxy(proxy));
    }
    const { origin = "", authorization = "" } = proxy ?? {};
    const key = [url.protocol, origin, authorization, strictSSL].join(" ");
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = this.#open(url.protocol === "https:", proxy, strictSSL);
      this.#agents.set(key, agent);
    }
    return agent.dispatch(options, handler);
  }

  #open(secure: boolean, proxy: Proxy | undefined, strictSSL: boolean): Dispatcher {
    const { connectMs: timeout = 20_000, env } = this.#options;
    if (!secure && proxy === undefined) return new Agent({ connect: { timeout } });
    // Once: making it parses some hundred certificates.
    this.#secureContext ??= createTrust(env);
    const connect = {
      secureContext: this.#secureContext,
      rejectUnauthorized: strictSSL,
      timeout,
    };
    if (proxy === undefined) return new Agent({ connect });
    const open = openVia(proxy);
    return new ProxyAgent({
      uri: proxy.origin,
      // Proxies connect to port 443 for anyone, and to others seldom: plain http is not tunnelled.
      proxyTunnel: false,
      factory: open,
      clientFactory: open,
      requestTls: connect,
      proxyTls: connect,
      ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
    });
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | undefined {
    return settle(
      this.#all((agent) => agent.close()),
      callback,
    );
  }

  override destroy(error?: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(
    error?: Error | null | (() => void),
    callback?: () => void,
  ): Promise<void> | undefined {
    const reason = typeof error === "function" ? null : (error ?? null);
    const done = typeof error === "function" ? error : callback;
    return settle(
      this.#all((agent) => agent.destroy(reason)),
      done,
    );
  }

  async #all(act: (agent: Dispatcher) => Promise<void>): Promise<void> {
    await Promise.all([...this.#agents.values()].map(act));
  }
}

/**
 * Opens connections to a proxy, and through it. Failures are told as those of the proxy where they
 * are; of one that hangs up undici believes that it may be asked again at once, and does so for ever,
 * unless it is told of a failure that it gives up at.
 */
function openVia({ origin: proxy, namedBy }: Proxy) {
  return (origin: string | URL, options: object): Dispatcher => {
    const { connect, ...rest } = options as Pool.Options & { connect: buildConnector.connector };
    const isProxy = new URL(origin).origin === proxy;
    const told = (error: Error): Error => {
      if (isProxy) {
        const what = `The proxy ${proxy} of ${namedBy} cannot be reached: ${reasonOf(error)}`;
        return Object.assign(new Error(what), { code: "ERR_PROXY_UNREACHABLE" });
      }
      return hasHungUp(error) ? hungUp() : error;
    };
    return new Pool(origin, {
      ...rest,
      connect: (to, callback) =>
        connect(to, (...[error, socket]) => {
          if (error === null) callback(null, socket);
          else callback(told(error), null);
        }),
    });
  };
}

/** Of several addresses that were tried only the code is told. */
function reasonOf(error: Error): string {
  if (error.message !== "") return error.message;
  return "code" in error ? String(error.code) : error.name;
}

function hasHungUp(error: Error): boolean {
  return "code" in error && error.code === "UND_ERR_SOCKET";
}

function hungUp(): Error {
  return Object.assign(new Error("The proxy hung up."), { code: "ERR_PROXY_HUNG_UP" });
}

function settle(
  promise: Promise<void>,
  callback: (() => void) | undefined,
): Promise<void> | undefined {
  if (callback === undefined) return promise;
  void promise.then(callback, callback);
  return undefined;
}
