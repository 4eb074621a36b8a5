import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { cleanEnvironment } from "./cleanEnvironment.ts";
import { mustRun, type ProgressLog, runCommand } from "./runCommand.ts";

/** The browser edition of VS Code on this machine: the Node that runs it, and its entry script. */
export interface InstalledEditor {
  readonly node: string;
  readonly entry: string;
}

/** Why something cannot run on this machine, for people. */
export interface Skipped {
  readonly skipped: string;
}

const recipe = import.meta.dirname;
const platforms = ["linux-x64", "linux-arm64"];

/**
 * Finds code-server in the cache shared by all clones, or installs it there (about a minute, 0.8 GB).
 * The folder is filled under another name and renamed when complete, so a broken install is never used.
 */
export async function ensureEditor(log: ProgressLog): Promise<InstalledEditor | Skipped> {
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) {
    return {
      skipped: `the browser edition of VS Code is installed on ${platforms.join(" and ")} only`,
    };
  }
  const [manifest, lock] = await Promise.all([
    readFile(path.join(recipe, "package.json"), "utf8"),
    readFile(path.join(recipe, "package-lock.json"), "utf8"),
  ]);
  const version = (JSON.parse(manifest) as { dependencies: { "code-server": string } })
    .dependencies["code-server"];
  const cache = path.join(cacheHome(), "starcoder-local");
  const folder = path.join(cache, `code-server-${version}`);
  const stamp = createHash("sha256").update(manifest).update(lock).digest("hex");
  const editor = locate(folder, platform);
  if ((await readStamp(folder)) === stamp && existsSync(editor.node) && existsSync(editor.entry)) {
    return editor;
  }
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const partial = path.join(cache, `code-server-${version}.partial-${String(process.pid)}`);
  log(
    `Installing the browser edition of VS Code (code-server ${version}, about 0.8 GB) in ${folder}`,
  );
  try {
    await install(partial, platform, log);
    await writeFile(path.join(partial, "stamp"), stamp);
    await replace(partial, folder, stamp);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw new Error("code-server could not be installed", { cause: error });
  }
  log("  installed");
  return editor;
}

function cacheHome(): string {
  return process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
}

function locate(folder: string, platform: string): InstalledEditor {
  const modules = path.join(folder, "node_modules");
  return {
    node: path.join(modules, `node-${platform}`, "bin", "node"),
    entry: path.join(modules, "code-server", "out", "node", "entry.js"),
  };
}

async function readStamp(folder: string): Promise<string | undefined> {
  return readFile(path.join(folder, "stamp"), "utf8").catch(() => undefined);
}

async function install(folder: string, platform: string, log: ProgressLog): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"]) {
    await cp(path.join(recipe, file), path.join(folder, file));
  }
  const nodeHome = path.join(folder, "node_modules", `node-${platform}`);
  const base = cleanEnvironment();
  const npm = (title: string, args: string[], cwd: string): Promise<string> => {
    log(`  ${title}`);
    const env = {
      ...base,
      PATH: `${path.join(nodeHome, "bin")}${path.delimiter}${base["PATH"] ?? ""}`,
      npm_config_nodedir: nodeHome,
    };
    return mustRun("npm", [...args, "--no-audit", "--no-fund"], {
      cwd,
      env,
      progress: { log, title },
    });
  };
  await npm("code-server and Node 24", ["ci", "--ignore-scripts"], folder);
  const vscode = path.join(folder, "node_modules", "code-server", "lib", "vscode");
  // `npm ci` fails here: the shrinkwrap that code-server ships lacks a package.
  const production = ["install", "--omit=dev", "--ignore-scripts"];
  await npm("VS Code's server", production, vscode);
  await npm("VS Code's own extensions", production, path.join(vscode, "extensions"));
  await buildNatives(vscode, npm, log);
}

/** Without these two the workbench runs, but its Output panel stays empty and files are watched slowly. */
async function buildNatives(
  vscode: string,
  npm: (title: string, args: string[], cwd: string) => Promise<string>,
  log: ProgressLog,
): Promise<void> {
  const natives = ["@vscode/spdlog", "@vscode/native-watchdog"];
  try {
    await npm("VS Code's native modules", ["rebuild", "--foreground-scripts", ...natives], vscode);
  } catch (error) {
    const hasCompiler = (await runCommand("c++", ["--version"]).catch(() => undefined))?.code === 0;
    if (hasCompiler) throw error;
    log(
      "  no C++ compiler: the editor's Output panel will stay empty (install g++, make and python3)",
    );
  }
}

/** Moves the finished install into place; one that another process finished meanwhile is kept. */
async function replace(partial: string, folder: string, stamp: string): Promise<void> {
  if ((await readStamp(folder)) !== stamp) await rm(folder, { recursive: true, force: true });
  try {
    await rename(partial, folder);
  } catch (error) {
    if ((await readStamp(folder)) !== stamp) throw error;
    await rm(partial, { recursive: true, force: true });
  }
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /\.partial-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(path.join(cache, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
