import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { EvalPackage } from "./packages.ts";

const run = promisify(execFile);

/** Where the evaluation keeps packages and measurements: outside the repository, kept between runs. */
export function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(base, "starcoder-local", "eval");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function unpack(item: EvalPackage, folder: string): Promise<void> {
  if (item.registry === "npm") {
    const id = `${item.name}@${item.version}`;
    await run("npm", ["pack", "--silent", "--ignore-scripts", id], { cwd: folder });
    const archive = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
    if (archive === undefined) throw new Error(`npm pack ${id} left no archive.`);
    await run("tar", ["xzf", archive, "--strip-components=1"], { cwd: folder });
    await rm(join(folder, archive));
    return;
  }
  const id = `${item.name}==${item.version}`;
  const pip = ["-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", ".", id];
  await run("python3", pip, { cwd: folder });
  const wheel = (await readdir(folder)).find((name) => name.endsWith(".whl"));
  if (wheel === undefined) throw new Error(`pip download ${id} left no wheel.`);
  await run("python3", ["-m", "zipfile", "-e", wheel, "."], { cwd: folder });
  await rm(join(folder, wheel));
}

/**
 * The folder that holds a package's files, fetched by the registry's own client when it is not in
 * the cache. Nothing of the package is executed. A half-fetched package is never seen: it is
 * unpacked beside its place and moved there when whole.
 */
export async function fetchSources(item: EvalPackage, cache = cacheFolder()): Promise<string> {
  const parent = join(cache, "packages", item.registry);
  const target = join(parent, `${item.name.replace("/", "+")}@${item.version}`);
  if (await exists(target)) return target;
  await mkdir(parent, { recursive: true });
  const fresh = await mkdtemp(join(parent, ".fetching-"));
  try {
    await unpack(item, fresh);
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw new Error(`Could not fetch ${item.name} ${item.version}.`, { cause: error });
  }
  return target;
}
