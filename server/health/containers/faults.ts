import { formatBytes } from "../../protocol/figures.ts";
import type { DoctorWorld, PortUse } from "../world.ts";
import type { FolderSeen } from "./docker.ts";
import type { ContainerSeen } from "./readDocker.ts";

/** What is wrong with a container, and what to do. */
export interface ContainerFault {
  readonly message: string;
  readonly remedy: string;
}

/** What Docker says when it cannot start a container, and what it means. */
const startFaults: readonly (readonly [RegExp, string, string])[] = [
  [
    /could not select device driver|nvidia|\bcdi\b|libcuda/i,
    "Docker cannot give it a GPU",
    "Install the NVIDIA Container Toolkit, run `nvidia-ctk runtime configure --runtime=docker`, and restart Docker.",
  ],
  [
    /port is already allocated|address already in use|ports are not available/i,
    "a port that it needs is taken",
    "End the program that has the port, or set HTTPS_PORT in deploy/.env.",
  ],
  [
    /bind source path does not exist|no such file or directory.*mount|not a directory/i,
    "a folder that it mounts is not there",
    "Create the folder, or correct MODELS_DIR and CACHE_DIR in deploy/.env.",
  ],
  [
    /exec format error|does not match the specified platform|no matching manifest/i,
    "its image is made for another processor",
    "Choose an image that has this machine's platform.",
  ],
];

/** What is wrong with one container; empty where it does what it should. */
export async function faultsOf(
  container: ContainerSeen,
  world: Pick<DoctorWorld, "containers" | "ports" | "system">,
  hasGpuRuntime: boolean,
  signal: AbortSignal,
): Promise<readonly ContainerFault[]> {
  const { name, status } = container;
  const runs = status === "running";
  const faults: ContainerFault[] = [];
  const add = (message: string, remedy: string) => faults.push({ message, remedy });
  if (container.outOfMemory) {
    const limit = container.memoryLimit;
    const what = limit === 0 ? "" : ` of ${formatBytes(limit)}`;
    add(
      `${name} was ended because it used up its memory${what}`,
      "Raise ENGINE_MEMORY in deploy/.env, or lower CONTEXT_TOTAL and CACHE_RAM_MIB; docs/scale.md has the arithmetic.",
    );
  }
  const known = startFaults.find(([pattern]) => pattern.test(container.error));
  if (container.error !== "" && !runs) {
    const remedy = known?.[2] ?? `Look at \`docker compose logs ${name}\`.`;
    add(`${name} cannot start: ${known?.[1] ?? firstLine(container.error)}`, remedy);
    for (const port of container.ports) {
      const use = await world.ports.useOf(port, signal);
      if (use.kind === "used") add(`port ${port} is in use by ${describeUse(use)}`, remedy);
    }
  }
  if (container.wantsGpu && !hasGpuRuntime && !runs && known === undefined) {
    const [, message, remedy] = startFaults[0] ?? ["", "", ""];
    add(`${name} is not running, and ${message}`, remedy);
  }
  if (status === "restarting" || status === "dead") {
    add(
      `${name} ends again and again, with status ${container.exitCode}`,
      `Look at \`docker compose logs ${name}\`.`,
    );
  }
  if (runs && container.health === "unhealthy") {
    const output = firstLine(container.healthOutput);
    add(
      `${name} is not healthy${output === "" ? "" : `: ${output}`}`,
      `Look at \`docker compose logs ${name}\`; restart it with \`docker compose restart ${name}\`.`,
    );
  }
  return [...faults, ...(await faultsOfMounts(container, world))];
}

async function faultsOfMounts(
  { name, user, mounts }: ContainerSeen,
  { containers, system }: Pick<DoctorWorld, "containers" | "system">,
): Promise<readonly ContainerFault[]> {
  const host = system.env["DOCKER_HOST"] ?? "";
  // Elsewhere the paths are those of another machine.
  if (system.platform !== "linux" || (host !== "" && !host.startsWith("unix:"))) return [];
  const found = await Promise.all(
    mounts.map(async (mount) => {
      const folder = await containers.look(mount.source);
      const remedy = `Create it, or correct deploy/.env.`;
      if (folder.kind === "missing") {
        return { message: `${name} mounts ${mount.source}, which is not there`, remedy };
      }
      if (user === undefined || allows(folder, user, mount.writable)) return undefined;
      const what = mount.writable ? "write" : "read";
      return {
        message: `${name} runs as ${user.uid}:${user.gid}, which may not ${what} ${mount.source}`,
        remedy: `Give it to this user (\`chown -R ${user.uid}:${user.gid} ${mount.source}\`), or set RUN_AS in deploy/.env.`,
      };
    }),
  );
  return found.filter((fault) => fault !== undefined);
}

function allows(
  folder: FolderSeen,
  { uid, gid }: { readonly uid: number; readonly gid: number },
  writes: boolean,
): boolean {
  if (folder.kind !== "there") return true;
  const bits = folder.uid === uid ? 6 : folder.gid === gid ? 3 : 0;
  const needed = writes ? 0o6 : 0o4;
  return uid === 0 || ((folder.mode >> bits) & needed) === needed;
}

function describeUse({ program, pid }: Extract<PortUse, { kind: "used" }>): string {
  if (pid === undefined) return "another program";
  return `${program ?? "a program"}, process ${pid}`;
}

function firstLine(text: string): string {
  return (text.trim().split("\n")[0] ?? "").slice(0, 200);
}
