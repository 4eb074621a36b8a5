import { createSecureContext, type SecureContext } from "node:tls";
import { Agent, Dispatcher, ProxyAgent } from "undici";
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
    const { username, password } = new URL(proxy);
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const token = `Basic ${Buffer.from(pair).toString("base64")}`;
    return new ProxyAgent({
      uri: proxy,
      connectTimeout: connectMs,
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

function settle(
  promise: Promise<void>,
  callback: (() => void) | undefined,
): Promise<void> | undefined {
  if (callback === undefined) return promise;
  void promise.then(callback, callback);
  return undefined;
}
