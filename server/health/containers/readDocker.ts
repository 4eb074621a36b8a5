import { z } from "zod";
import type { ContainersWorld, DockerRan } from "./docker.ts";

/** The label by which containers of `deploy/` are found. */
export const deploymentLabel = "starcoder-local";

const infoSchema = z.object({
  ServerVersion: z.string(),
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
  /** Devices that the container device interface offers. */
  DiscoveredDevices: z.array(z.object({ ID: z.string() })).nullish(),
});

const containerSchema = z.object({
  Name: z.string(),
  State: z.object({
    Status: z.string(),
    ExitCode: z.number(),
    OOMKilled: z.boolean().nullish(),
    Error: z.string().nullish(),
    Health: z
      .object({
        Status: z.string(),
        Log: z.array(z.object({ Output: z.string() })).nullish(),
      })
      .nullish(),
  }),
  Config: z.object({
    User: z.string().nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  HostConfig: z.object({
    Memory: z.number().nullish(),
    DeviceRequests: z.array(z.unknown()).nullish(),
    PortBindings: z
      .record(z.string(), z.array(z.object({ HostPort: z.string() })).nullable())
      .nullish(),
  }),
  Mounts: z
    .array(
      z.object({
        Type: z.string(),
        Source: z.string().nullish(),
        Destination: z.string(),
        RW: z.boolean(),
      }),
    )
    .nullish(),
});

/** The daemon, or why it cannot be asked. */
export type DaemonSeen =
  | { readonly kind: "runs"; readonly version: string; readonly hasGpuRuntime: boolean }
  | { readonly kind: "missing" }
  | { readonly kind: "timeout" }
  | { readonly kind: "problem"; readonly error: string };

/** One container of a deployment. */
export interface ContainerSeen {
  /** As the compose file calls it. */
  readonly name: string;
  /** As Docker says it, such as `running`, `restarting` or `exited`. */
  readonly status: string;
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** Bytes; 0: no limit. */
  readonly memoryLimit: number;
  /** What Docker said when it could not start it; empty where it could. */
  readonly error: string;
  /** `healthy`, `unhealthy`, `starting`, or undefined without a health check. */
  readonly health?: string;
  /** What the last health check printed. */
  readonly healthOutput: string;
  readonly wantsGpu: boolean;
  /** Ports of this machine that it wants. */
  readonly ports: readonly number[];
  /** User and group in figures; undefined where it has none or goes by names. */
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly mounts: readonly {
    readonly source: string;
    readonly target: string;
    readonly writable: boolean;
  }[];
}

/** Asks Docker for its daemon. */
export async function readDaemon(
  containers: ContainersWorld,
  signal: AbortSignal,
): Promise<DaemonSeen> {
  const ran = await containers.docker(["info", "--format", "{{json .}}"], signal);
  if (ran.kind === "exit") return { kind: "problem", error: lastLine(ran.error) };
  if (ran.kind !== "done") return ran;
  const info = infoSchema.safeParse(parseJson(ran.output));
  if (!info.success || info.data.ServerVersion === "") {
    return { kind: "problem", error: "its answer cannot be read" };
  }
  const { ServerVersion: version, Runtimes, DiscoveredDevices } = info.data;
  const names = Object.keys(Runtimes ?? {});
  const devices = DiscoveredDevices ?? [];
  const hasGpuRuntime =
    names.some((name) => /^(nvidia|amd)/.test(name)) ||
    devices.some(({ ID }) => /\.com\/gpu/.test(ID));
  return { kind: "runs", version, hasGpuRuntime };
}

/** Asks Docker for the containers of a deployment, whether they run or not. */
export async function readDeployment(
  containers: ContainersWorld,
  signal: AbortSignal,
): Promise<readonly ContainerSeen[] | Exclude<DockerRan, { kind: "done" }>> {
  const filter = `label=${deploymentLabel}`;
  const listed = await containers.docker(
    ["ps", "--all", "--no-trunc", "--filter", filter, "--format", "{{.ID}}"],
    signal,
  );
  if (listed.kind !== "done") return listed;
  const ids = listed.output.split(/\s+/).filter((id) => /^[0-9a-f]{12,64}$/.test(id));
  if (ids.length === 0) return [];
  const inspected = await containers.docker(["container", "inspect", ...ids.slice(0, 64)], signal);
  if (inspected.kind !== "done") return inspected;
  const read = z.array(containerSchema).safeParse(parseJson(inspected.output));
  if (!read.success) return { kind: "exit", error: "its answer cannot be read" };
  return read.data.map(toContainer);
}

function toContainer(container: z.infer<typeof containerSchema>): ContainerSeen {
  const { State: state, Config: config, HostConfig: host, Mounts: mounts } = container;
  const labels = config.Labels ?? {};
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(config.User ?? "") ?? [];
  const bindings = Object.values(host.PortBindings ?? {}).flatMap((all) => all ?? []);
  return {
    name: labels["com.docker.compose.service"] ?? container.Name.replace(/^\//, ""),
    status: state.Status,
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled === true,
    memoryLimit: host.Memory ?? 0,
    error: state.Error ?? "",
    ...(state.Health?.Status === undefined ? {} : { health: state.Health.Status }),
    healthOutput: state.Health?.Log?.at(-1)?.Output ?? "",
    wantsGpu: (host.DeviceRequests ?? []).length > 0,
    ports: bindings.map(({ HostPort }) => Number(HostPort)).filter((port) => port > 0),
    ...(uid === undefined ? {} : { user: { uid: Number(uid), gid: Number(gid) } }),
    mounts: (mounts ?? [])
      .filter(({ Type }) => Type === "bind")
      .map(({ Source, Destination, RW }) => ({
        source: Source ?? "",
        target: Destination,
        writable: RW,
      })),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").slice(0, 300);
}
