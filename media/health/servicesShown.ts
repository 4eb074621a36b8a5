import type { ServiceHealth } from "../../server/protocol/health.ts";
import type { IconName } from "../parts/icon.tsx";
import { isLive, type HealthState } from "./healthState.ts";

/** Names of the services for people. */
export const serviceTitles: Readonly<Record<ServiceHealth["name"], string>> = {
  server: "Language server",
  host: "Model host",
  completion: "Completion",
  review: "Review",
  workflow: "Workflow",
};

/** A state in words and as an icon: colour alone tells nothing. */
export const stateTexts: Readonly<
  Record<ServiceHealth["state"], { readonly icon: IconName; readonly text: string }>
> = {
  ok: { icon: "ok", text: "Running" },
  busy: { icon: "busy", text: "Working" },
  starting: { icon: "busy", text: "Starting" },
  error: { icon: "error", text: "Failed" },
  off: { icon: "off", text: "Off" },
  unknown: { icon: "unknown", text: "Unknown" },
};

const always: readonly ServiceHealth["name"][] = ["server", "host", "completion", "review"];

/**
 * The services as the table shows them. While the server does not answer, its row says so, and the
 * others keep what does not change (version), but claim nothing of now.
 */
export function servicesShown(state: HealthState): readonly ServiceHealth[] {
  const { server, failure, health } = state;
  if (isLive(state) && health !== undefined) return health.services;
  const names = health === undefined ? always : health.services.map(({ name }) => name);
  return names.map((name): ServiceHealth => {
    const last = health?.services.find((service) => service.name === name);
    const kept = {
      name,
      ...(last?.version === undefined ? {} : { version: last.version }),
      ...(last?.lastError === undefined ? {} : { lastError: last.lastError }),
    };
    if (name !== "server") {
      const waiting = server.error === undefined && failure === undefined;
      return {
        ...kept,
        state: "unknown",
        message: waiting
          ? "Not asked yet."
          : "Not known while the language server does not answer.",
        actions: [],
      };
    }
    if (failure !== undefined && server.serverState === "running") {
      return { ...kept, state: "error", message: failure.message, actions: ["restartServer"] };
    }
    if (server.error === undefined) {
      return { ...kept, state: "starting", message: server.reason, actions: [] };
    }
    return {
      ...kept,
      state: server.serverState === "restarting" ? "starting" : "error",
      message: server.reason,
      actions: ["restartServer"],
    };
  });
}
