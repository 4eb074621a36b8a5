import type { Clock } from "../engine/clock.ts";
import type { LocalEngine } from "../engine/local/localEngine.ts";
import {
  createBalancedEngine,
  type BalancedEngine,
} from "../engine/remote/balance/balancedEngine.ts";
import type { RemoteEndpoint, RemoteEngine } from "../engine/remote/types.ts";
import { createSelectedEngine } from "../engine/selectedEngine.ts";
import { failureFields } from "../logs/failureFields.ts";
import type { Logger } from "../logs/logger.ts";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";
import type { EndpointStatus } from "../protocol/endpoints.ts";
import type { Settings } from "../protocol/settings.ts";
import { remoteEndpointsOf } from "./remoteEndpoints.ts";
import type { RemoteMembers, RemoteMembersOptions } from "./remoteMembers.ts";

export interface ComposedEngine {
  /** The local engine or the remote ones, as the settings say; the host's own is always local. */
  readonly engine: LocalEngine;
  /** Empty where the local engine is used. */
  readonly endpoints: () => readonly EndpointStatus[];
  /** Told whenever something of an endpoint has changed; returns what ends the subscription. */
  readonly onEndpoints: (listener: () => void) => () => void;
  /** Keys by the address of their entry; they go before the environment's. */
  readonly setEndpointKeys: (keys: Readonly<Record<string, string>>) => void;
  readonly endpointKeys: () => Readonly<Record<string, string>>;
  /** The editor's own network settings; where they are others than before, all endpoints are asked anew. */
  readonly setNetwork: (network: EditorNetwork | undefined) => void;
  readonly network: () => EditorNetwork | undefined;
  /** Puts the settings in force that `settings` gives. */
  refresh(): void;
  dispose(): void;
}

export interface ComposeEngineOptions {
  readonly createLocal: () => LocalEngine;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "for">;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Brings in what reaches remote engines; not loaded before there are any. */
  readonly loadMembers?: (options: RemoteMembersOptions) => Promise<RemoteMembers>;
}

/** Chooses between the local engine and remote ones, and changes that with the settings. */
export function composeEngine(options: ComposeEngineOptions): ComposedEngine {
  const { settings, clock, env = process.env, loadMembers = load } = options;
  const log = options.logger.for("host");
  const engine = createSelectedEngine(options.createLocal);
  const timeoutMs = (): number => settings()["remote.timeout"] * 1000;
  const listeners = new Set<() => void>();
  let keys: Readonly<Record<string, string>> = {};
  let network: EditorNetwork | undefined;
  let balanced: BalancedEngine | undefined;
  let members: RemoteMembers | undefined;
  let loading = false;
  let disposed = false;
  let present: ReadonlyMap<string, RemoteEngine> = new Map();

  function refresh(): void {
    if (disposed) return;
    const wanted = remoteEndpointsOf(settings()["remote.endpoints"], keys, env);
    if (wanted.length === 0) {
      engine.select(undefined, false);
      present = new Map();
      balanced?.setMembers([]);
    } else {
      balanced ??= open();
      if (members === undefined) void bring();
      else put(wanted, members, balanced);
      engine.select(balanced, settings()["remote.localFallback"]);
    }
    for (const listener of [...listeners]) listener();
  }

  function open(): BalancedEngine {
    const opened = createBalancedEngine({
      ...{ members: [], clock, random: Math.random, log, timeoutMs },
    });
    opened.onStatus(() => {
      for (const listener of [...listeners]) listener();
    });
    return opened;
  }

  async function bring(): Promise<void> {
    if (loading) return;
    loading = true;
    try {
      const brought = await loadMembers({ clock, env, network: () => network, log, timeoutMs });
      if (disposed) brought.dispose();
      else members = brought;
    } catch (thrown) {
      log.error("remote engines cannot be reached", failureFields(thrown));
      return;
    } finally {
      loading = false;
    }
    refresh();
  }

  function put(wanted: readonly RemoteEndpoint[], from: RemoteMembers, into: BalancedEngine): void {
    const next = wanted.map((endpoint) => {
      const key = JSON.stringify([endpoint.url, endpoint.name, endpoint.model, endpoint.key]);
      return [key, present.get(key) ?? from.create(endpoint)] as const;
    });
    const before = [...present.keys()].join();
    present = new Map(next);
    if ([...present.keys()].join() !== before) into.setMembers([...present.values()]);
  }

  refresh();
  return {
    engine,
    endpoints: () => (present.size === 0 ? [] : (balanced?.status() ?? [])),
    onEndpoints(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    endpointKeys: () => keys,
    setEndpointKeys(next) {
      keys = next;
      refresh();
    },
    network: () => network,
    setNetwork(next) {
      if (JSON.stringify(next) === JSON.stringify(network)) return;
      network = next;
      // What failed on the old way need not fail on the new one, and another may answer there.
      present = new Map();
      refresh();
    },
    refresh,
    dispose() {
      disposed = true;
      listeners.clear();
      engine.dispose();
      balanced?.dispose();
      members?.dispose();
    },
  };
}

async function load(options: RemoteMembersOptions): Promise<RemoteMembers> {
  const { createRemoteMembers } = await import("./remoteMembers.ts");
  return createRemoteMembers(options);
}
