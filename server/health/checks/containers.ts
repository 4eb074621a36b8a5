import { parseEndpoint } from "../../network/endpointUrl.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Check, Finding } from "../check.ts";
import { faultsOf } from "../containers/faults.ts";
import { namesOf } from "../endpoints/endpoint.ts";
import type { DoctorWorld } from "../world.ts";
import { readDaemon, readDeployment, type ContainerSeen } from "../containers/readDocker.ts";

/**
 * Docker and the containers of `deploy/` on this machine: daemon, GPU runtime, ports, volumes,
 * memory, health. Without an endpoint on this machine it runs with `--full` only. That Docker cannot
 * be asked is worth a warning only where such an endpoint cannot be reached: who runs an engine
 * without Docker needs none.
 */
export function containersCheck(settings: Settings): Check {
  const here = settings["remote.endpoints"].filter(({ url }) => parseEndpoint(url)?.loopback);
  return {
    name: "containers",
    title: "Containers",
    group: "service",
    why: "Engines of deploy/ run in Docker; what keeps them from starting shows there.",
    ...(here.length > 0
      ? {}
      : { slow: true, whySlow: "no remote engine of the settings is on this machine" }),
    timeoutMs: 40_000,
    async run(world, signal) {
      const { containers } = world;
      const daemon = await readDaemon(containers, signal);
      if (daemon.kind === "missing") {
        return { status: "skipped", message: "Docker is not installed; it is not needed." };
      }
      if (daemon.kind !== "runs") {
        const found = daemon.kind === "timeout" ? hung : unreachable(daemon.error);
        if (await isMissed(here, world, signal)) return found;
        const why = here.length > 0 ? "the engines of this machine answer" : "no engine is here";
        return { status: "skipped", message: `${found.message} It is not needed: ${why}.` };
      }
      const deployment = await readDeployment(containers, signal);
      if ("kind" in deployment) {
        return deployment.kind === "exit" ? unreachable(deployment.error) : hung;
      }
      const faults = await Promise.all(
        deployment.map((one) => faultsOf(one, world, daemon.hasGpuRuntime, signal)),
      );
      const all = faults.flat();
      const gpu = daemon.hasGpuRuntime ? "with a GPU runtime" : "without a GPU runtime";
      const about = `Docker ${daemon.version} ${gpu}`;
      const [first] = all;
      if (first !== undefined) {
        const message = `${all.map(({ message }) => message).join("; ")}. ${about}.`;
        return fault("failed", message, first.remedy);
      }
      const seen = deployment.map(describe).join(", ");
      const what = seen === "" ? "no container of a StarCoder deployment" : seen;
      return { status: "ok", message: `${about}: ${what}.` };
    },
  };
}

/** Whether an engine that is to be on this machine is not there. */
async function isMissed(
  here: Settings["remote.endpoints"],
  { facts, probeEndpoint }: DoctorWorld,
  signal: AbortSignal,
): Promise<boolean> {
  // What a workspace names is not contacted before it is trusted: it may be missed.
  const fromWorkspace = facts?.workspaceSettings?.includes("remote.endpoints") === true;
  if (facts?.trusted === false && fromWorkspace) return true;
  const names = namesOf(here);
  const seen = await Promise.all(
    here.map(({ url }, index) => probeEndpoint({ url, name: names[index] ?? url }, signal)),
  );
  return seen.some(({ fault: found }) => found !== undefined && gone.has(found.code));
}

/** Nobody answers at the address; what else goes wrong there, an engine or a proxy has said. */
const gone: ReadonlySet<ErrorCode> = new Set(["ENDPOINT_UNREACHABLE", "TIMEOUT_ERROR"]);

function fault(status: "failed" | "warning", message: string, remedy: string): Finding {
  return { status, code: "CONTAINER_UNAVAILABLE", message, remedy };
}

// An endpoint on this machine may do without Docker, so these are no failures.
const hung = fault(
  "warning",
  "Docker did not answer within 2 s.",
  "Restart Docker (`systemctl restart docker`, or Docker Desktop).",
);

function unreachable(error: string): Finding {
  const message = `Docker cannot be asked: ${/[.?]$/.test(error) ? error : `${error}.`}`;
  const remedy = /permission denied/i.test(error)
    ? "Add your user to the group docker, or use rootless Docker, and log in again."
    : "Start Docker (`systemctl start docker`, or Docker Desktop), or remove what you do not use.";
  return fault("warning", message, remedy);
}

function describe({ name, status, health }: ContainerSeen): string {
  return `${name} ${status === "running" ? (health ?? "running") : status}`;
}
