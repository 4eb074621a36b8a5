import type { HostConfig } from "../../protocol/host.ts";

/** Whether one host can serve both: what identifies it is the same. */
export function needsSameHost(left: HostConfig, right: HostConfig): boolean {
  return identity(left) === identity(right);
}

/** Whether both ask for the same threads, which a host takes only when it is started. */
export function haveSameThreads(left: HostConfig, right: HostConfig): boolean {
  return threads(left) === threads(right);
}

function identity({ modelPath, backend, contextSize, kvType, gpuLayers }: HostConfig): string {
  return JSON.stringify([modelPath, backend, contextSize, kvType, gpuLayers]);
}

function threads(config: HostConfig): string {
  return JSON.stringify([config.threads, config.prefillThreads]);
}
