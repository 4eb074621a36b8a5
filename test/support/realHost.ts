import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { onTestFinished } from "vitest";
import { systemClock } from "../../server/engine/clock.ts";
import { createHostProcesses } from "../../server/engine/local/hostProcess.ts";
import { createLocalEngine, type LocalEngine } from "../../server/engine/local/localEngine.ts";
import type { HostConfig } from "../../server/protocol/host.ts";
import { engineKey } from "../../server/state/engineKey.ts";
import { openHome } from "../../server/state/home.ts";
import { readRunFile } from "../../server/state/runFile.ts";
import { runPathsOf, type RunPaths } from "../../server/state/runPaths.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const hostScript = join(root, "dist", "host.mjs");
export const bundledModel = join(root, "media", "models", "starcoder-tiny.gguf");

/** Brings dist/ up to date with the sources. */
export function buildBundles(): void {
  execFileSync(process.execPath, ["--import", "tsx", join("scripts", "build.ts")], { cwd: root });
}

export const realConfig: HostConfig = {
  modelPath: bundledModel,
  backend: "cpu",
  contextSize: 4096,
  kvType: "f16",
  gpuLayers: 0,
  threads: 1,
  prefillThreads: 1,
  idleTimeoutSeconds: 30,
  unloadAfterSeconds: 0,
};

/** An engine over real hosts in this home; its hosts end with the test. */
export function realEngine(
  homePath: string,
  config: HostConfig = realConfig,
  version = "0.0.0",
): LocalEngine {
  const engine = createLocalEngine({
    homePath,
    config,
    client: { name: "test", version },
    processes: createHostProcesses(hostScript),
    clock: systemClock,
    random: Math.random,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  onTestFinished(() => {
    engine.dispose();
    endHostsOf(homePath);
  });
  return engine;
}

/** Where the host of this configuration has its files. */
export function realPaths(homePath: string, config: HostConfig = realConfig): RunPaths {
  return runPathsOf(openHome(homePath), engineKey(config));
}

/** Kills every host that this home's run files name. */
export function endHostsOf(homePath: string): void {
  for (const pid of hostsOf(homePath)) kill(pid);
}

/** The process ids of the hosts of a home that run, whether or not a run file names them. */
export function hostsOf(homePath: string): number[] {
  if (process.platform === "linux") {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => isHostOf(pid, homePath));
  }
  const run = join(homePath, "run");
  return readdirSync(run)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => readRunFile(join(run, name))?.pid ?? [])
    .filter((pid) => createHostProcesses(hostScript).isAlive(pid));
}

function isHostOf(pid: number, homePath: string): boolean {
  try {
    const read = (name: string): string => readFileSync(`/proc/${pid}/${name}`, "utf8");
    return read("cmdline").includes(hostScript) && read("environ").includes(`${homePath}/run/`);
  } catch {
    return false;
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Bundles a program of test/support into the folder, so that many of it start quickly. */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`);
  await esbuild.build({
    entryPoints: [join(root, "test", "support", `${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return outfile;
}

/** Starts a Node program that prints one line when it is ready; ends it with the test. */
export async function startProgram(
  file: string,
  args: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  for await (const line of createInterface({ input: child.stdout })) return { child, line };
  throw new Error(`${file} ended without a line`);
}
