import { createSecureContext, type SecureContext } from "node:tls";
import { Agent, Dispatcher, Pool, ProxyAgent, type buildConnector } from "undici";
import { CodedError } from "../protocol/errors.ts";
import { readAuthorities } from "./authorities.ts";
import { proxyFor, type ProxySettings } from "./proxyFor.ts";

export interface DispatcherOptions extends ProxySettings {
  /** False: certificates are not checked, as the editor's own setting may say. */
  readonly strictSSL?: boolean | undefined;
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
  /** By protocol and proxy. */
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
    const proxy = proxyFor(url, this.#options) ?? "";
    const key = `${url.protocol}${proxy}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = this.#open(url.protocol === "https:", proxy);
      this.#agents.set(key, agent);
    }
    return agent.dispatch(options, handler);
  }

  #open(secure: boolean, proxy: string): Dispatcher {
    const { connectMs = 20_000, strictSSL = true, env } = this.#options;
    if (!secure && proxy === "") return new Agent({ connect: { timeout: connectMs } });
    // Once: making it parses some hundred certificates.
    this.#secureContext ??= createSecureContext({ ca: readAuthorities(env) });
    const trust = { secureContext: this.#secureContext, rejectUnauthorized: strictSSL };
    const connect = { ...trust, timeout: connectMs };
    if (proxy === "") return new Agent({ connect });
    // Not shown: it may hold a password.
    if (!URL.canParse(proxy)) {
      throw new CodedError("VALIDATION_ERROR", "The address of the proxy is none.");
    }
    const { username, password } = new URL(proxy);
    const pair = `${decoded(username)}:${decoded(password)}`;
    const token = `Basic ${Buffer.from(pair).toString("base64")}`;
    return new ProxyAgent({
      uri: proxy,
      connectTimeout: connectMs,
      factory: openTunnel,
      requestTls: trust,
      proxyTls: trust,
      ...(username === "" ? {} : { token }),
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
 * Of a proxy that hangs up undici believes that it may be asked again at once, and does so for ever:
 * it is told of a failure that it gives up at.
 */
function openTunnel(origin: string | URL, options: object): Dispatcher {
  const { connect, ...rest } = options as Pool.Options & { connect: buildConnector.connector };
  return new Pool(origin, {
    ...rest,
    connect: (to, callback) =>
      connect(to, (...[error, socket]) => {
        if (error === null) callback(null, socket);
        else callback(hasHungUp(error) ? hungUp() : error, null);
      }),
  });
}

function hasHungUp(error: Error): boolean {
  return "code" in error && error.code === "UND_ERR_SOCKET";
}

function hungUp(): Error {
  return Object.assign(new Error("The proxy hung up."), { code: "ERR_PROXY_HUNG_UP" });
}

/** A password may hold a percent sign that is no escape. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function settle(
  promise: Promise<void>,
  callback: (() => void) | undefined,
): Promise<void> | undefined {
  if (callback === undefined) return promise;
  void promise.then(callback, callback);
  return undefined;
}
