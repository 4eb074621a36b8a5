import type { EngineState } from "../../engine/engine.ts";
import { errorTable, type CodedErrorData } from "../../protocol/errors.ts";
import type { ServiceHealth } from "../../protocol/health.ts";
import type { HostHealth } from "../../protocol/host.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Status } from "../../protocol/status.ts";
import type { LastErrors } from "./lastErrors.ts";

/** What the services' states are told from. */
export interface ServicesSource {
  readonly server: Omit<ServiceHealth, "name" | "state" | "message" | "actions">;
  readonly host: HostHealth | undefined;
  readonly hostError: CodedErrorData | undefined;
  readonly engine: EngineState;
  readonly status: Status;
  readonly settings: Pick<Settings, "enabled" | "review.mode">;
  /** Whether the loaded model can fill in the middle; undefined while none is loaded. */
  readonly fillsIn: boolean | undefined;
  readonly lastErrors: Pick<LastErrors, "of">;
  /** Remote engines are used in place of a host. */
  readonly isRemote?: boolean;
}

type Bare = Omit<ServiceHealth, "name" | "lastError">;

const unloaded = "The model is unloaded to free memory; it is loaded at the next key.";

/** The services there are, each with its state and what remedies it. */
export function servicesOf(source: ServicesSource): ServiceHealth[] {
  const services: readonly [ServiceHealth["name"], Bare][] = [
    ["server", { ...source.server, state: "ok", message: "It answers.", actions: [] }],
    ["host", hostOf(source)],
    ["completion", completionOf(source)],
    ["review", reviewOf(source)],
  ];
  return services.map(([name, service]) => {
    const lastError = source.lastErrors.of(name);
    return { name, ...service, ...(lastError === undefined ? {} : { lastError }) };
  });
}

function hostOf({ host, hostError, engine, isRemote = false }: ServicesSource): Bare {
  if (host === undefined && hostError === undefined && isRemote) {
    return { state: "off", message: "Not used: there are remote engines.", actions: [] };
  }
  if (host === undefined) return withoutHost(hostError, engine);
  const process = {
    version: host.hostVersion,
    pid: host.pid,
    uptimeSeconds: host.uptimeSeconds,
    residentBytes: host.residentBytes,
  };
  const { state, queued, slots, clients } = host;
  switch (state.kind) {
    case "loading":
      return { ...process, state: "starting", message: "It loads the model.", actions: [] };
    case "failed":
      return { ...process, ...ofError(state.error), state: "error" };
    case "unloaded":
      return { ...process, state: "ok", message: unloaded, actions: [] };
    case "retiring":
      return { ...process, state: "off", message: "It makes way for another one.", actions: [] };
    case "ready": {
      const working = slots.filter(({ busy }) => busy).length;
      const busy = working > 0 || queued > 0;
      const windows = `${clients} ${clients === 1 ? "client" : "clients"}`;
      const message = busy
        ? `${windows}, ${working} at work, ${queued} waiting.`
        : `${windows}, idle.`;
      return { ...process, state: busy ? "busy" : "ok", message, actions: [] };
    }
  }
}

function withoutHost(hostError: CodedErrorData | undefined, engine: EngineState): Bare {
  switch (engine.kind) {
    case "stopped":
      return { state: "off", message: "It starts when it is needed.", actions: [] };
    case "starting":
      return { state: "starting", message: "It is being started.", actions: [] };
    case "restarting":
      return { ...ofError(engine.error.toData()), state: "starting" };
    case "failed":
      return { ...ofError(engine.error.toData()), state: "error" };
    case "ready":
    case "unloaded":
      return hostError === undefined
        ? { state: "unknown", message: "Nothing is known of it.", actions: ["restart"] }
        : { ...ofError(hostError), state: "error" };
  }
}

function completionOf({ status, settings, fillsIn, hostError, engine }: ServicesSource): Bare {
  if (!settings.enabled) return turnedOff("Suggestions are off.");
  if (fillsIn === false) {
    const { message, actions } = errorTable.MODEL_NOT_FIM;
    return { state: "error", message, actions: [...actions] };
  }
  return ofStatus(status, hostError, engine, "Ready.");
}

function reviewOf({ status, settings, hostError, engine }: ServicesSource): Bare {
  if (!settings.enabled) return turnedOff("Suggestions and reviews are off.");
  if (settings["review.mode"] === "off") return turnedOff("Reviews are off.");
  const how =
    settings["review.mode"] === "save"
      ? "Ready: reviews when a file is saved."
      : "Ready: reviews on command.";
  return ofStatus(status, hostError, engine, how);
}

/** What needs the model is as the model is. */
function ofStatus(
  status: Status,
  hostError: CodedErrorData | undefined,
  engine: EngineState,
  ready: string,
): Bare {
  if (engine.kind === "ready" && hostError !== undefined) {
    return { state: "unknown", message: hostError.message, actions: ["restart"] };
  }
  const { state, message, actions } = status;
  if (state === "ok" || state === "busy") return { state, message: ready, actions: [] };
  return { state, message, actions: [...actions] };
}

function turnedOff(message: string): Bare {
  return { state: "off", message, actions: ["openSettings"] };
}

function ofError({ code, message, remedy }: CodedErrorData): Pick<Bare, "message" | "actions"> {
  return { message: `${message} ${remedy}`, actions: [...errorTable[code].actions] };
}
