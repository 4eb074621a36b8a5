import type { Clock } from "../engine/clock.ts";
import { createRemoteEngine } from "../engine/remote/remoteEngine.ts";
import type { RemoteEngine, RemoteEndpoint, RemoteEngineOptions } from "../engine/remote/types.ts";
import { createDispatcher } from "../network/dispatcher.ts";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";

/** Makes remote engines that share their connections. */
export interface RemoteMembers {
  create(endpoint: RemoteEndpoint): RemoteEngine;
  /** Ends all connections. */
  dispose(): void;
}

export interface RemoteMembersOptions extends Pick<RemoteEngineOptions, "log" | "timeoutMs"> {
  readonly clock: Clock;
  /** Proxies and authorities. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The editor's own, as they are now; they go before the environment's. */
  readonly network: () => EditorNetwork | undefined;
}

/** A server in the same network answers within milliseconds, one elsewhere within a second. */
const connectMs = 5000;

export function createRemoteMembers({
  env,
  network,
  ...options
}: RemoteMembersOptions): RemoteMembers {
  const dispatcher = createDispatcher({ env, network, connectMs });
  return {
    create: (endpoint) =>
      createRemoteEngine({ endpoint, dispatcher, random: Math.random, ...options }),
    dispose: () => void dispatcher.destroy().catch(() => undefined),
  };
}
