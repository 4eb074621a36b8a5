/**
 * Builds the llama-server that tests of remote engines talk to, from the sources that node-llama-cpp
 * carries, outside this repository: `npm run llama-server [-- --out DIR]`.
 */
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { availableParallelism, homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cleanEnvironment } from "./editor/cleanEnvironment.ts";
import { findOnPath } from "./editor/findOnPath.ts";
import { mustRun, type ProgressLog } from "./editor/runCommand.ts";

const root = path.join(import.meta.dirname, "..");
const carried = path.join(root, "node_modules", "node-llama-cpp", "llama");
const programName = process.platform === "win32" ? "llama-server.exe" : "llama-server";

/** The CPU's own instructions, and nothing that the server's answers do not need. */
const cmakeOptions: Readonly<Record<string, string>> = {
  CMAKE_BUILD_TYPE: "Release",
  BUILD_SHARED_LIBS: "OFF",
  GGML_NATIVE: "ON",
  LLAMA_OPENSSL: "OFF",
  LLAMA_BUILD_SERVER: "ON",
  LLAMA_BUILD_TESTS: "OFF",
  LLAMA_BUILD_EXAMPLES: "OFF",
  LLAMA_BUILD_APP: "OFF",
  LLAMA_BUILD_UI: "OFF",
  LLAMA_USE_PREBUILT_UI: "OFF",
};

export interface BuildLlamaServerOptions {
  /** Where the program is to lie; a folder of the user's cache, named for the release, when absent. */
  readonly out?: string;
  readonly log: ProgressLog;
}

/**
 * Builds llama-server where it is not built yet (about 11 minutes on two cores; an interrupted build
 * goes on where it stopped) and returns the program's path.
 * @throws Error that names what this machine lacks, or carries the end of a failed step's output
 */
export async function buildLlamaServer(options: BuildLlamaServerOptions): Promise<string> {
  const { log } = options;
  const release = await carriedRelease();
  const out = path.resolve(options.out ?? path.join(cacheFolder(), `llama-server-${release}`));
  const inside = path.relative(root, out);
  if (!inside.startsWith("..") && !path.isAbsolute(inside)) {
    throw new Error(`--out must be outside the repository, which ${out} is not`);
  }
  const program = path.join(out, programName);
  if (existsSync(program)) return program;
  refuseWithoutTools();
  await mkdir(out, { recursive: true });
  const source = await unpack(out, log);
  const built = await compile(source, path.join(out, "build"), log);
  await copyFile(built, `${program}.partial`);
  await chmod(`${program}.partial`, 0o755);
  await rename(`${program}.partial`, program);
  for (const folder of [source, path.join(out, "build")]) {
    await rm(folder, { recursive: true, force: true });
  }
  return program;
}

/** The release of llama.cpp that the installed node-llama-cpp was made from, such as `v0.5.0`. */
async function carriedRelease(): Promise<string> {
  const file = path.join(carried, "binariesGithubRelease.json");
  const { release } = JSON.parse(await readFile(file, "utf8")) as { release: string };
  return release;
}

function cacheFolder(): string {
  const home = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
  return path.join(home, "starcoder-local");
}

function refuseWithoutTools(): void {
  const wanted = [
    ["git"],
    ["cmake"],
    ...(process.platform === "win32" ? [] : [["c++", "g++", "clang++"]]),
  ];
  const missing = wanted.filter((names) => findOnPath(...names) === undefined);
  if (missing.length === 0) return;
  const names = missing.map((each) => each.join(" or ")).join(", ");
  throw new Error(`to build llama-server this machine lacks: ${names}`);
}

/** The bundle holds one commit, the release's. */
async function unpack(out: string, log: ProgressLog): Promise<string> {
  const source = path.join(out, "source");
  if (existsSync(source)) return source;
  log("Unpacking the sources");
  const partial = `${source}.partial`;
  await rm(partial, { recursive: true, force: true });
  const bundle = path.join(carried, "gitRelease.bundle");
  await mustRun("git", ["clone", "--quiet", bundle, partial], { env: cleanEnvironment() });
  await rename(partial, source);
  return source;
}

async function compile(source: string, build: string, log: ProgressLog): Promise<string> {
  const env = cleanEnvironment();
  log("Configuring");
  const settings = Object.entries(cmakeOptions).map(([name, value]) => `-D${name}=${value}`);
  await mustRun("cmake", ["-S", source, "-B", build, ...settings], { env });
  const jobs = String(availableParallelism());
  log(`Compiling with ${jobs} jobs (about 11 minutes with 2)`);
  const what = ["--config", "Release", "--target", "llama-server", "--parallel", jobs];
  const progress = { log, title: "compiling" };
  await mustRun("cmake", ["--build", build, ...what], { env, progress });
  const places = [path.join(build, "bin"), path.join(build, "bin", "Release")];
  const built = places.map((each) => path.join(each, programName)).find((each) => existsSync(each));
  if (built === undefined) throw new Error(`no ${programName} in ${places.join(" or ")}`);
  return built;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { out: { type: "string" } } });
  try {
    const program = await buildLlamaServer({ ...values, log: (line) => console.log(line) });
    console.log(`${program}\nexport STARCODER_LLAMA_SERVER=${program}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
