import { onTestFinished } from "vitest";
import {
  probeEndpoint,
  type ProbeOptions,
} from "../../../../server/health/endpoints/probeEndpoint.ts";
import { startEngine, startProxy, type RemoteEngine } from "../../../support/remoteEngine.ts";

/** An engine that is gone when the test is. */
export async function engine(...args: Parameters<typeof startEngine>): Promise<RemoteEngine> {
  const started = await startEngine(...args);
  onTestFinished(() => started.close());
  return started;
}

/** A proxy that is gone when the test is. */
export async function proxy(refuseWith?: number): Promise<RemoteEngine> {
  const started = await startProxy(refuseWith);
  onTestFinished(() => started.close());
  return started;
}

/** Goes the way to an endpoint; nothing of this machine's environment counts. */
export function probe(
  endpoint: Parameters<typeof probeEndpoint>[0],
  { environment = {}, ...options }: Partial<ProbeOptions> = {},
) {
  return probeEndpoint(endpoint, {
    environment,
    now: () => new Date(),
    signal: new AbortController().signal,
    stageMs: 400,
    ...options,
  });
}
