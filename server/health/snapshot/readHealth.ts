import { freemem, totalmem } from "node:os";
import type { Clock } from "../../engine/clock.ts";
import type { Engine, EngineOutcome, EngineState } from "../../engine/engine.ts";
import type { EndpointStatus } from "../../protocol/endpoints.ts";
import { CodedError, toCodedError } from "../../protocol/errors.ts";
import type { Health } from "../../protocol/health.ts";
import type { HostHealth, ModelDescription } from "../../protocol/host.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Status } from "../../protocol/status.ts";
import type { ServerEntry } from "../../state/serverFiles.ts";
import type { LastErrors } from "./lastErrors.ts";
import type { RecentRequests } from "./recentRequests.ts";
import { servicesOf } from "./services.ts";
import { within } from "./within.ts";

/** How long the host is waited for; the rest is answered all the same. */
export const hostPatienceMs = 2000;
/** How long the memory of processes is waited for. */
const memoryPatienceMs = 1800;

/** How a model was trained to fill in the middle, in words. */
export interface FimFamily {
  readonly id: string;
  readonly order: string;
}

export interface HealthSources {
  readonly version: string;
  readonly engine: Pick<Engine, "state" | "health">;
  /** Remote engines that the settings name; while they are used there is no host. */
  readonly endpoints?: () => readonly EndpointStatus[];
  readonly clock: Clock;
  /** The time of day. */
  readonly now: () => Date;
  readonly settings: () => Settings;
  readonly isStarter: (modelPath: string) => boolean;
  readonly familyOf: (model: ModelDescription) => FimFamily | undefined;
  readonly lastErrors: Pick<LastErrors, "of">;
  readonly recent: Pick<RecentRequests, "all">;
  /** The language servers of this home that live. */
  readonly servers: () => readonly ServerEntry[];
  readonly residentBytesOf: (pid: number) => Promise<number | undefined>;
  readonly logs: () => Health["logs"];
}

/**
 * A snapshot of server and host. Never rejects, and answers within 2.5 s whatever hangs: a host
 * that does not answer is named as such, memory that is not known is left out.
 */
export async function readHealth(sources: HealthSources, status: Status): Promise<Health> {
  const { engine, clock, version } = sources;
  const self = {
    version,
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    residentBytes: process.memoryUsage.rss(),
  };
  const endpoints = sources.endpoints?.() ?? [];
  const [{ host, hostError }, servers] = await Promise.all([
    askHost(engine, clock, endpoints.length > 0),
    listProcesses(sources, self),
  ]);
  const { state } = engine;
  const loaded =
    state.kind === "ready" ? state : host?.state.kind === "ready" ? host.state : undefined;
  const family = loaded === undefined ? undefined : sources.familyOf(loaded.model);
  const gpu = host?.gpuMemory;
  return {
    time: sources.now().toISOString(),
    server: self,
    status,
    ...(host === undefined ? {} : { host }),
    ...(hostError === undefined ? {} : { hostError: hostError.toData() }),
    services: servicesOf({
      server: self,
      host,
      hostError: hostError?.toData(),
      engine: state,
      status,
      settings: sources.settings(),
      fillsIn: loaded === undefined ? undefined : family !== undefined,
      lastErrors: sources.lastErrors,
      isRemote: endpoints.length > 0,
    }),
    servers,
    ...(endpoints.length === 0 ? {} : { endpoints: [...endpoints] }),
    ...(loaded === undefined ? {} : { model: describe(sources, loaded.model, family) }),
    ...(loaded === undefined ? {} : { backend: loaded.backend }),
    ...(host === undefined ? {} : { speed: host.speed }),
    memory: {
      totalBytes: totalmem(),
      freeBytes: freemem(),
      serversBytes: servers.reduce((sum, { residentBytes = 0 }) => sum + residentBytes, 0),
      ...(host === undefined ? {} : { hostBytes: host.residentBytes }),
      ...(gpu === undefined
        ? {}
        : { gpu: { totalBytes: gpu.totalBytes, usedBytes: gpu.usedBytes } }),
    },
    logs: sources.logs(),
    recent: sources.recent.all(),
  };
}

/** Whether a host answers, in place of remote engines as it may be. */
function isLocal(state: EngineState): boolean {
  return (state.kind === "ready" || state.kind === "unloaded") && state.backend.used !== "remote";
}

async function askHost(
  engine: HealthSources["engine"],
  clock: Clock,
  isRemote: boolean,
): Promise<{ host?: HostHealth; hostError?: CodedError }> {
  if (isRemote && !isLocal(engine.state)) return {};
  // Asking would start one, whether or not anybody wants suggestions.
  if (engine.state.kind === "stopped") {
    return { hostError: new CodedError("MODEL_UNAVAILABLE", "It was not needed yet.") };
  }
  const seconds = hostPatienceMs / 1000;
  const late: EngineOutcome<HostHealth> = {
    kind: "failed",
    error:
      engine.state.kind === "ready"
        ? new CodedError("HOST_HUNG", `Nothing came within ${seconds} s.`)
        : new CodedError("TIMEOUT_ERROR", `The model host said nothing for ${seconds} s.`),
  };
  const outcome = await within(
    clock,
    hostPatienceMs,
    engine.health().catch((thrown: unknown): EngineOutcome<HostHealth> => {
      return { kind: "failed", error: toCodedError(thrown) };
    }),
    late,
  );
  if (outcome.kind === "done") return { host: outcome.value };
  if (outcome.kind === "failed") return { hostError: outcome.error };
  return { hostError: new CodedError("MODEL_UNAVAILABLE", "Cancelled.") };
}

async function listProcesses(
  { servers, residentBytesOf, clock, now }: HealthSources,
  self: Health["server"],
): Promise<Health["servers"]> {
  const { pid, version, uptimeSeconds } = self;
  const startedAt = new Date(now().getTime() - uptimeSeconds * 1000).toISOString();
  const listed = servers();
  // A home that cannot be written has no file of this server.
  const all = listed.some((each) => each.pid === pid)
    ? listed
    : [...listed, { pid, version, startedAt }];
  return Promise.all(
    all.map(async (entry) => {
      const bytes = residentBytesOf(entry.pid);
      const residentBytes = await within(clock, memoryPatienceMs, bytes, undefined);
      const isSelf = entry.pid === pid;
      return { ...entry, self: isSelf, ...(residentBytes === undefined ? {} : { residentBytes }) };
    }),
  );
}

function describe(
  { isStarter }: HealthSources,
  model: ModelDescription,
  family: FimFamily | undefined,
): Health["model"] {
  const { path, architecture, parameters, quantization, contextSize, trainContextSize } = model;
  return {
    name: model.name || architecture,
    path,
    starter: isStarter(path),
    sizeBytes: model.fileSizeBytes,
    ...{ architecture, parameters, quantization, contextSize, trainContextSize },
    ...(family === undefined ? {} : { family: family.id, fimOrder: family.order }),
  };
}
