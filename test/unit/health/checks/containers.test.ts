import { describe, expect, it } from "vitest";
import type {
  ContainersWorld,
  DockerRan,
  FolderSeen,
} from "../../../../server/health/containers/docker.ts";
import type { ErrorCode } from "../../../../server/protocol/errors.ts";
import { runDoctor } from "../../../../server/health/doctor.ts";
import type { DoctorWorld } from "../../../../server/health/world.ts";
import { createManualClock } from "../../../support/manualClock.ts";
import { healthyWorld } from "../healthyWorld.ts";
import { settings } from "./machineFaults.ts";

const here = settings({ "remote.endpoints": [{ url: "https://localhost/1", name: "one" }] });
const done = (output: unknown): DockerRan => ({ kind: "done", output: JSON.stringify(output) });
const withGpu = done({ ServerVersion: "28.2.2", Runtimes: { nvidia: {}, runc: {} } });
const withoutGpu = done({
  ServerVersion: "28.2.2",
  Runtimes: { runc: {} },
  DiscoveredDevices: null,
});

/** What `docker inspect` says of an engine that works, with these changes. */
function engine(changes: { State?: object; HostConfig?: object; Mounts?: object[] } = {}): object {
  const { State, HostConfig, Mounts } = changes;
  return {
    Name: "/starcoder-engine-1-1",
    State: { Status: "running", ExitCode: 0, OOMKilled: false, Error: "", ...State },
    Config: { User: "1000:1000", Labels: { "com.docker.compose.service": "engine-1" } },
    HostConfig: { Memory: 8e9, DeviceRequests: null, PortBindings: {}, ...HostConfig },
    Mounts: Mounts ?? [],
  };
}

const models = { Type: "bind", Source: "/srv/models", Destination: "/models", RW: false };

interface Machine {
  readonly info?: DockerRan;
  readonly containers?: readonly object[];
  readonly folder?: FolderSeen;
  readonly calls?: string[];
}

function machine({
  info = withoutGpu,
  containers = [],
  folder,
  calls = [],
}: Machine): ContainersWorld {
  return {
    docker(args) {
      calls.push(args.join(" "));
      if (args[0] === "info") return Promise.resolve(info);
      if (args[0] !== "ps") return Promise.resolve(done(containers));
      const ids = containers.map((_, index) => String(index).padStart(64, "a"));
      return Promise.resolve({ kind: "done", output: ids.join("\n") });
    },
    look: () => Promise.resolve(folder ?? { kind: "there", uid: 1000, gid: 1000, mode: 0o750 }),
  };
}

async function check(made: Machine, changes: Partial<DoctorWorld> = here, full = false) {
  const world = { ...healthyWorld, containers: machine(made), ...changes };
  const { checks } = await runDoctor({ world, clock: createManualClock(), full });
  return checks.find(({ name }) => name === "containers");
}

/** What the way to an endpoint ends in. */
const answers =
  (code?: ErrorCode): DoctorWorld["probeEndpoint"] =>
  () =>
    Promise.resolve({
      ...{ stages: [], warnings: [], models: [] },
      ...(code === undefined ? {} : { fault: { code, message: code } }),
    });

const startError = (error: string, HostConfig = {}) =>
  engine({ State: { Status: "created", Error: error }, HostConfig });

describe("the check of containers", () => {
  it("asks Docker nothing without an engine on this machine, and says why", async () => {
    const calls: string[] = [];
    const remote = settings({ "remote.endpoints": [{ url: "https://gpu.example.com" }] });
    expect(await check({ calls }, remote)).toMatchObject({
      status: "skipped",
      message: "Only with --full: no remote engine of the settings is on this machine.",
    });
    expect(calls).toEqual([]);
    expect(await check({ calls }, remote, true)).toMatchObject({ status: "ok" });
    expect(calls.length).toBeGreaterThan(0);
  });

  it("is skipped where there is no Docker", async () => {
    expect(await check({ info: { kind: "missing" } })).toMatchObject({
      status: "skipped",
      message: "Docker is not installed; it is not needed.",
    });
  });

  it("shows what runs", async () => {
    const healthy = engine({ State: { Health: { Status: "healthy" } } });
    expect(await check({ info: withGpu, containers: [healthy] })).toMatchObject({
      status: "ok",
      message: "Docker 28.2.2 with a GPU runtime: engine-1 healthy.",
    });
    const cdi = done({ ServerVersion: "29", DiscoveredDevices: [{ ID: "nvidia.com/gpu=0" }] });
    expect((await check({ info: cdi }))?.message).toBe(
      "Docker 29 with a GPU runtime: no container of a StarCoder deployment.",
    );
  });

  it("takes a container that was stopped on purpose for no fault", async () => {
    const stopped = engine({ State: { Status: "exited", ExitCode: 143 } });
    expect(await check({ containers: [stopped] })).toMatchObject({ status: "ok" });
  });

  it.each<[string, DockerRan, RegExp, RegExp]>([
    [
      "a daemon that does not run",
      {
        kind: "exit",
        error: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",
      },
      /Cannot connect/,
      /Start Docker/,
    ],
    [
      "a daemon that this user may not ask",
      { kind: "exit", error: "permission denied while trying to connect to the Docker daemon" },
      /permission denied/,
      /group docker/,
    ],
    ["a daemon that hangs", { kind: "timeout" }, /within 2 s/, /Restart Docker/],
    ["an answer that is no JSON", { kind: "done", output: "<html>" }, /cannot be read/, /Docker/],
  ])(
    "warns of %s where the engine of this machine is not there",
    async (_, info, message, remedy) => {
      const found = await check(
        { info },
        { ...here, probeEndpoint: answers("ENDPOINT_UNREACHABLE") },
      );
      expect(found).toMatchObject({ status: "warning", code: "CONTAINER_UNAVAILABLE" });
      expect(found?.message).toMatch(message);
      expect(found?.remedy).toMatch(remedy);
    },
  );

  it.each<[string, Machine, RegExp, RegExp]>([
    [
      "no GPU runtime",
      { containers: [startError('could not select device driver "nvidia" with capabilities')] },
      /engine-1 cannot start: Docker cannot give it a GPU/,
      /Container Toolkit/,
    ],
    [
      "a GPU asked for that Docker does not have",
      {
        containers: [
          engine({
            State: { Status: "exited", ExitCode: 1 },
            HostConfig: { DeviceRequests: [{ Driver: "nvidia" }] },
          }),
        ],
      },
      /engine-1 is not running, and Docker cannot give it a GPU/,
      /Container Toolkit/,
    ],
    [
      "a volume that is not there when it starts",
      { containers: [startError("invalid mount config: bind source path does not exist: /srv/m")] },
      /a folder that it mounts is not there/,
      /MODELS_DIR/,
    ],
    [
      "a volume that was removed",
      { containers: [engine({ Mounts: [models] })], folder: { kind: "missing" } },
      /engine-1 mounts \/srv\/models, which is not there/,
      /Create it/,
    ],
    [
      "a volume that its user may not read",
      {
        containers: [engine({ Mounts: [models] })],
        folder: { kind: "there", uid: 0, gid: 0, mode: 0o750 },
      },
      /runs as 1000:1000, which may not read \/srv\/models/,
      /chown -R 1000:1000 \/srv\/models/,
    ],
    [
      "a volume that its user may not write",
      {
        containers: [engine({ Mounts: [{ ...models, RW: true }] })],
        folder: { kind: "there", uid: 0, gid: 1000, mode: 0o755 },
      },
      /may not write/,
      /RUN_AS/,
    ],
    [
      "a container that used up its memory",
      { containers: [engine({ State: { Status: "exited", ExitCode: 137, OOMKilled: true } })] },
      /used up its memory of 8.0 GB/,
      /ENGINE_MEMORY/,
    ],
    [
      "a container that is not healthy",
      {
        containers: [
          engine({
            State: { Health: { Status: "unhealthy", Log: [{ Output: "curl: (22) 503\nmore" }] } },
          }),
        ],
      },
      /engine-1 is not healthy: curl: \(22\) 503\./,
      /docker compose logs engine-1/,
    ],
    [
      "an image for another processor",
      { containers: [startError("exec /app/llama-server: exec format error")] },
      /made for another processor/,
      /platform/,
    ],
    [
      "a container that ends again and again",
      { containers: [engine({ State: { Status: "restarting", ExitCode: 1 } })] },
      /ends again and again, with status 1/,
      /docker compose logs/,
    ],
    [
      "a start that failed for another reason",
      { containers: [startError("OCI runtime create failed: something\nmore")] },
      /engine-1 cannot start: OCI runtime create failed: something\./,
      /docker compose logs/,
    ],
  ])("names %s", async (_, made, message, remedy) => {
    const found = await check(made);
    expect(found).toMatchObject({ status: "failed", code: "CONTAINER_UNAVAILABLE" });
    expect(found?.message).toMatch(message);
    expect(found?.remedy).toMatch(remedy);
  });

  it("names who has the port that a container needs", async () => {
    const taken = startError("Bind for 0.0.0.0:443 failed: port is already allocated", {
      PortBindings: { "8443/tcp": [{ HostPort: "443" }] },
    });
    const ports: DoctorWorld["ports"] = {
      inspectors: [],
      useOf: () => Promise.resolve({ kind: "used", pid: 12, program: "nginx" }),
    };
    const found = await check({ containers: [taken] }, { ...here, ports });
    expect(found).toMatchObject({ status: "failed", code: "CONTAINER_UNAVAILABLE" });
    expect(found?.message).toContain("port 443 is in use by nginx, process 12");
    expect(found?.remedy).toContain("HTTPS_PORT");
  });

  it("does not look at the folders of a Docker on another machine", async () => {
    const made: Machine = {
      containers: [engine({ Mounts: [models] })],
      folder: { kind: "missing" },
    };
    const system = { ...healthyWorld.system, env: { DOCKER_HOST: "ssh://gpu" } };
    expect(await check(made, { ...here, system })).toMatchObject({ status: "ok" });
  });

  it("does not bother who runs an engine without Docker", async () => {
    const info: DockerRan = { kind: "exit", error: "Cannot connect to the Docker daemon." };
    for (const probeEndpoint of [answers(), answers("ENDPOINT_AUTH")]) {
      expect(await check({ info }, { ...here, probeEndpoint })).toMatchObject({
        status: "skipped",
        message:
          "Docker cannot be asked: Cannot connect to the Docker daemon. It is not needed: the engines of this machine answer.",
      });
    }
    const remote = settings({ "remote.endpoints": [{ url: "https://gpu.example.com" }] });
    expect(await check({ info }, remote, true)).toMatchObject({ status: "skipped" });
  });

  it("keeps to one call where the daemon does not answer", async () => {
    const calls: string[] = [];
    await check({ info: { kind: "timeout" }, calls });
    expect(calls).toHaveLength(1);
  });
});
