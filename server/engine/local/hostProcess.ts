import { execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { basename } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import { hostLaunchVariable, type HostLaunch } from "../../protocol/host.ts";

/** The operating system's side of a host: replaced in unit tests. */
export interface HostProcesses {
  /** Starts a host that nobody's process tree contains; its process id. */
  launch(launch: HostLaunch, place: LaunchPlace): Promise<number>;
  /** Whether the process exists and still runs. */
  isAlive(pid: number): boolean;
  /** Whether it is a host that runs, and no later process with the same id. */
  isHost(pid: number): boolean;
  /** Ends a host: asks, waits a second, kills. Leaves any other program under that id alone. */
  end(pid: number): Promise<void>;
}

export interface LaunchPlace {
  readonly logPath: string;
  /** The host's working folder, so that it holds no workspace's. */
  readonly folder: string;
}

/** A host's output file is put aside when it is larger than this at a launch. */
const maxLogBytes = 1024 * 1024;

/**
 * Host processes on this machine. The language client kills its server's whole process tree when a
 * window closes, so a host is started through an intermediate process that ends at once: it
 * belongs to no tree and serves the other windows on.
 * @param hostScript the bundle, `dist/host.mjs`
 */
export function createHostProcesses(hostScript: string): HostProcesses {
  const name = basename(hostScript);
  return {
    launch: (launch, place) => spawnOrphan(hostScript, launch, place),
    isAlive,
    isHost: (pid) => isHost(pid, name),
    async end(pid) {
      if (!isHost(pid, name)) return;
      signal(pid, "SIGTERM");
      if (await isGone(pid, 1000)) return;
      signal(pid, "SIGKILL");
      await isGone(pid, 2000);
    },
  };
}

async function spawnOrphan(
  script: string,
  launch: HostLaunch,
  place: LaunchPlace,
): Promise<number> {
  putAside(place.logPath);
  const log = openSync(place.logPath, "a", 0o600);
  try {
    const [command, args] = intermediate(script, process.platform);
    const child = spawn(command, args, {
      cwd: place.folder,
      // A new session: no terminal's Ctrl-C reaches the host either.
      detached: true,
      windowsHide: true,
      stdio: ["ignore", "pipe", log],
      env: hostEnvironment(launch),
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", () => resolve());
    });
    const pid = Number.parseInt(output, 10);
    if (!Number.isSafeInteger(pid)) {
      throw new CodedError("HOST_DIED", `It could not be started; see ${place.logPath}`);
    }
    return pid;
  } finally {
    closeSync(log);
  }
}

/**
 * The young part of the heap grows to 48 MB by what requests leave behind, and stays so: a quarter is
 * as fast. The host takes 146 MiB with it in place of 169 (`bench:windows`).
 */
const flags = ["--max-semi-space-size=4"];

/** A short-lived command that starts the host, prints its process id and ends. */
function intermediate(script: string, platform: NodeJS.Platform): [string, string[]] {
  if (platform !== "win32") {
    // The host's standard output goes where its standard error goes: the log.
    const line = '"$0" "$@" >&2 </dev/null & echo $!';
    return ["/bin/sh", ["-c", line, process.execPath, ...flags, script]];
  }
  const program =
    "const {spawn}=require('node:child_process');" +
    "const c=spawn(process.execPath,process.argv.slice(1)," +
    "{detached:true,windowsHide:true,stdio:['ignore',2,2]});" +
    "c.unref();process.stdout.write(String(c.pid));";
  return [process.execPath, ["-e", program, "--", ...flags, script]];
}

function hostEnvironment(launch: HostLaunch): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  // Meant for the starter alone: a debugger's hooks and its channel to its parent.
  for (const name of ["NODE_OPTIONS", "NODE_CHANNEL_FD", "VSCODE_INSPECTOR_OPTIONS"]) {
    Reflect.deleteProperty(env, name);
  }
  // llama.cpp computes on threads of its own; libuv's only compete with them for the cores.
  env["UV_THREADPOOL_SIZE"] = "1";
  if (process.versions["electron"] !== undefined) env["ELECTRON_RUN_AS_NODE"] = "1";
  env[hostLaunchVariable] = JSON.stringify(launch);
  return env;
}

function putAside(logPath: string): void {
  try {
    if (statSync(logPath).size > maxLogBytes) renameSync(logPath, `${logPath}.1`);
  } catch {
    // No log yet, or it cannot be moved: it only grows.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
  if (process.platform !== "linux") return true;
  try {
    // Where nobody reaps orphans (containers), a dead one stays visible as a zombie.
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Process ids are reused: a stale run file may name somebody else's process. */
function isHost(pid: number, scriptName: string): boolean {
  if (!isAlive(pid)) return false;
  try {
    if (process.platform === "win32") return true;
    const commandLine =
      process.platform === "linux"
        ? readFileSync(`/proc/${String(pid)}/cmdline`, "utf8")
        : execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
    return commandLine.includes(scriptName);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone meanwhile.
  }
}

async function isGone(pid: number, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (isAlive(pid)) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
