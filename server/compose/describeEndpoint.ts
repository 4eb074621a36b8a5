import { detectFamily } from "../completion/prompt/families.ts";
import type { Clock } from "../engine/clock.ts";
import type { RemoteEndpoint } from "../engine/remote/types.ts";
import { whenReady } from "../engine/whenReady.ts";
import type { EndpointDescribed } from "../health/endpoints/endpoint.ts";
import type { EditorNetwork } from "../protocol/editorNetwork.ts";

export interface DescribeEndpointOptions {
  readonly clock: Clock;
  /** Proxies and authorities. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly network: EditorNetwork | undefined;
  readonly signal: AbortSignal;
}

/** Probing is some dozen small requests, each of which waits for the server's turn. */
const atMostMs = 20_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** What an endpoint is to the engine that would use it, found by probing it once; never rejects. */
export async function describeEndpoint(
  endpoint: RemoteEndpoint,
  { clock, env, network, signal }: DescribeEndpointOptions,
): Promise<EndpointDescribed> {
  const { createRemoteMembers } = await import("./remoteMembers.ts");
  const members = createRemoteMembers({
    ...{ clock, env, log: silent },
    network: () => network,
    timeoutMs: () => atMostMs,
  });
  const engine = members.create(endpoint);
  try {
    engine.start("explicit");
    const ready = await whenReady(engine, { clock, atMostMs, signal, firstFailure: true });
    if (ready.kind === "failed") {
      return { kind: "failed", code: ready.error.code, message: ready.error.message };
    }
    if (ready.kind !== "ready" || engine.kind === undefined) {
      return { kind: "failed", code: "TIMEOUT_ERROR", message: "It was not probed in time." };
    }
    const { model } = ready.state;
    return {
      kind: "known",
      server: engine.kind,
      model: model.name || model.architecture,
      fillsMiddle: detectFamily(model) !== undefined,
      limits: [...engine.limits],
    };
  } finally {
    engine.dispose();
    members.dispose();
  }
}
