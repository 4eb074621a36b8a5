import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import pacote from "pacote";
import { readNpmConfig } from "../../server/packs/npmConfig.ts";

const root = path.join(import.meta.dirname, "..", "..");
const scope = "@node-llama-cpp";

/** A package with a native library, ready to be packed. */
export interface Binding {
  readonly name: string;
  readonly folder: string;
  readonly version: string;
  /** Not the version that the product runs with: for measuring, never for a release. */
  readonly layoutOnly: boolean;
}

/** What `package-lock.json` wants of a package. */
interface Pin {
  readonly version: string;
  readonly integrity?: string;
}

/**
 * Finds a package: installed, fetched before, or in the registry of the user's npm, at the version
 * and with the hash that `package-lock.json` pins. Nothing is installed into `node_modules`.
 * @param layout take the newest version there is where the pinned one cannot be had
 * @throws Error why it cannot be had
 */
export async function obtainBinding(name: string, layout: boolean): Promise<Binding> {
  const pin = readPin(name);
  const { version, integrity } = pin;
  const installed = path.join(root, "node_modules", scope, name);
  if ((await versionIn(installed)) === version) {
    return { name, folder: installed, version, layoutOnly: false };
  }
  try {
    if (integrity === undefined) {
      throw new Error(`package-lock.json has no hash of ${scope}/${name}@${version}`);
    }
    const folder = await fetched(name, version, integrity);
    return { name, folder, version, layoutOnly: false };
  } catch (thrown) {
    if (!layout) throw thrown;
    const newest = await newestBefore(name, version);
    return { name, folder: await fetched(name, newest), version: newest, layoutOnly: true };
  }
}

function readPin(name: string): Pin {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, Pin>>;
  };
  const pin = lock.packages[`node_modules/${scope}/${name}`];
  if (pin === undefined) throw new Error(`package-lock.json does not know ${scope}/${name}`);
  return pin;
}

async function fetched(name: string, version: string, integrity?: string): Promise<string> {
  const folder = path.join(root, "out", "bindings", `${name}-${version}`);
  if (existsSync(folder)) return folder;
  const staging = `${folder}.${String(process.pid)}.partial`;
  await mkdir(path.dirname(folder), { recursive: true });
  try {
    await pacote.extract(`${scope}/${name}@${version}`, staging, {
      ...npmOptions(),
      ...(integrity === undefined ? {} : { integrity }),
    });
    await rename(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

async function newestBefore(name: string, version: string): Promise<string> {
  const manifest = await pacote.manifest(`${scope}/${name}@<=${version}`, npmOptions());
  return manifest.version;
}

function npmOptions() {
  const { env, execPath } = process;
  const cache = path.join(root, "out", "bindings", ".cache");
  return { ...readNpmConfig({ env, execPath, userFolder: homedir() }), cache, timeout: 60_000 };
}

async function versionIn(folder: string): Promise<string | undefined> {
  try {
    const text = await readFile(path.join(folder, "package.json"), "utf8");
    const manifest = JSON.parse(text) as { readonly version?: string };
    return manifest.version;
  } catch {
    return undefined;
  }
}
