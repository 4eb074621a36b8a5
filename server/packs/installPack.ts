import { existsSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { takeLaunchLock } from "../engine/local/launchLock.ts";
import type { BindingProbe } from "../health/probeBinding.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import { formatBytes } from "../protocol/figures.ts";
import type { Backend } from "../protocol/host.ts";
import { makeFolder } from "../state/makeFolder.ts";
import { packsFolderOf, packsRoot } from "../state/packsFolder.ts";
import { discard, writeFailure } from "../state/writeFailure.ts";
import { asideFolder, cleanPacks, removeOtherVersions, stagingFolder } from "./cleanPacks.ts";
import { findPack } from "./findPack.ts";
import { folderSize } from "./folderSize.ts";
import type { InstallJob } from "./installProtocol.ts";
import { listPacks, type PackPlaces } from "./listPacks.ts";
import { nativeFolder, readNativePackages, type NativePack } from "./nativePackages.ts";

/** What a test completion on a backend came to. */
export interface PackTrial {
  /** What ran it. */
  readonly backend: Exclude<Backend, "auto">;
  readonly fallbackReason?: string;
  readonly text: string;
  readonly loadMs: number;
  readonly completionMs: number;
}

export interface InstallPackOptions extends PackPlaces {
  /** The package's name, or its backend's. */
  readonly name: string;
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
  /** Downloads and unpacks; see `fetchPackages`. */
  readonly fetch: (job: Omit<InstallJob, "silenceMs">) => Promise<void>;
  /** Loads a backend in a process of its own, with the packages of a folder; see `probeBinding`. */
  readonly probe: (backend: Backend, packsFolder: string) => Promise<BindingProbe>;
  /** Starts a host in a home made for it, has it answer on a backend, and ends it. */
  readonly trySuggestion: (homePath: string, backend: Backend) => Promise<PackTrial>;
  /** Why this machine cannot use a backend whatever is installed; undefined: it may. */
  readonly obstacle: (backend: NativePack["backend"]) => string | undefined;
  /** Bytes free on the disk that holds a folder. */
  readonly freeBytes: (folder: string) => Promise<number>;
}

export interface InstalledPack {
  readonly name: string;
  readonly backend: NativePack["backend"];
  /** It was there already, and works. */
  readonly already: boolean;
  readonly devices: string[];
  readonly trial: PackTrial;
}

/**
 * Bytes that a backend takes at least, fetched and unpacked at the same time. As measured of
 * node-llama-cpp 3.22; registries do not always say.
 */
const neededBytes = { cuda: 1_000_000_000, vulkan: 110_000_000 } as const;

/** How often it is said how much is there. */
const reportEveryMs = 2000;

/**
 * Installs a backend for GPUs into the home: fetched and unpacked beside, loaded in a process of its
 * own, then made to answer a test completion in a host of its own. Only one that answers comes to
 * its place; of any other nothing is left. One that is there already is tried again.
 * @throws CodedError `PACK_UNAVAILABLE`, `PACK_FAILED` with the reason, `DISK_FULL`,
 * `HOME_NOT_WRITABLE`
 */
export async function installPack(options: InstallPackOptions): Promise<InstalledPack> {
  const { homePath, productRoot, note } = options;
  const native = readNativePackages(productRoot, options.platform);
  const pack = findPack(options.name, native);
  try {
    makeFolder(packsRoot(homePath));
  } catch (thrown) {
    throw writeFailure(packsRoot(homePath), thrown);
  }
  const release = await takeLock(join(packsRoot(homePath), "install.lock"));
  const staging = stagingFolder(homePath, process.pid);
  try {
    cleanPacks(homePath, native.version);
    const there = listPacks(options).find(({ name }) => name === pack.name)?.status;
    if (there === "shipped" || there === "installed") {
      note(`${pack.name} is there already; trying it`);
      makeFolder(staging);
      symlinkSync(packsRoot(homePath), join(staging, "packs"), "junction");
      return { ...(await tryPack(options, pack, staging, native.version)), already: true };
    }
    const obstacle = options.obstacle(pack.backend);
    if (obstacle !== undefined) throw new CodedError("PACK_FAILED", `${pack.name}: ${obstacle}.`);
    await fetchInto(options, pack, staging, native.version);
    const tried = await tryPack(options, pack, staging, native.version);
    moveIn(pack, packsFolderOf(staging, native.version), packsFolderOf(homePath, native.version), {
      aside: asideFolder(staging),
    });
    // Only now: until then another version of the product may live on its own.
    removeOtherVersions(homePath, native.version);
    return { ...tried, already: false };
  } finally {
    discard(staging);
    await release();
  }
}

async function takeLock(path: string): Promise<() => Promise<void>> {
  // One whose holder was killed is free after two seconds.
  for (let tries = 0; tries < 8; tries++) {
    const release = await takeLaunchLock(path);
    if (release !== undefined) return release;
    await delay(500);
  }
  throw new CodedError("PACK_FAILED", "Another window is installing GPU support just now.");
}

async function fetchInto(
  { note, fetch, freeBytes, homePath }: InstallPackOptions,
  pack: NativePack,
  staging: string,
  version: string,
): Promise<void> {
  const folder = nativeFolder(packsFolderOf(staging, version));
  const unknown = pack.parts.find(({ integrity }) => integrity === undefined);
  if (unknown !== undefined) {
    throw new CodedError("PACK_UNAVAILABLE", `The hash of ${unknown.spec} is not known.`);
  }
  const free = await freeBytes(packsRoot(homePath));
  const needed = neededBytes[pack.backend];
  if (free < needed) {
    const [left, wanted] = [free, needed].map(formatBytes);
    throw new CodedError("DISK_FULL", `${pack.name} needs ${wanted}, ${left} are free.`);
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (thrown) {
    throw writeFailure(folder, thrown);
  }
  for (const { spec } of pack.parts) note(`fetching ${spec} from the registry of your npm`);
  const report = setInterval(() => {
    const bytes = folderSize(folder);
    if (bytes > 0) note(`${formatBytes(bytes)} unpacked`);
  }, reportEveryMs);
  try {
    await fetch({
      packages: pack.parts.map(({ name, spec, integrity }) => ({
        spec,
        folder: join(folder, name),
        ...(integrity === undefined ? {} : { integrity }),
      })),
      cacheFolder: join(staging, "cache"),
    });
  } finally {
    clearInterval(report);
  }
}

/** Loads it, then has it answer. */
async function tryPack(
  { note, probe, trySuggestion }: InstallPackOptions,
  { name, backend }: NativePack,
  home: string,
  version: string,
): Promise<Omit<InstalledPack, "already">> {
  note(`loading ${name} in a process of its own`);
  const probed = await probe(backend, packsFolderOf(home, version));
  if (probed.kind === "missing") throw new CodedError("PACK_FAILED", probed.reason);
  if (probed.backend !== backend || probed.devices.length === 0) {
    const why = probed.fallbackReason ?? "no GPU that it can use was found";
    throw new CodedError("PACK_FAILED", `${name} cannot be used here: ${why}`);
  }
  note(`trying a suggestion on ${backend}: ${probed.devices.join(", ")}`);
  const trial = await trySuggestion(home, backend).catch((thrown: unknown) => {
    const { message } = toCodedError(thrown);
    throw new CodedError("PACK_FAILED", `The test completion failed. ${message}`, thrown);
  });
  if (trial.backend !== backend) {
    const why = trial.fallbackReason ?? "no reason is known";
    throw new CodedError("PACK_FAILED", `The test completion ran on ${trial.backend}: ${why}`);
  }
  return { name, backend, devices: probed.devices, trial };
}

/** Puts the parts in their places; the one that is looked for first comes last. */
function moveIn(
  { parts }: NativePack,
  from: string,
  to: string,
  { aside }: { readonly aside: string },
): void {
  const folder = nativeFolder(to);
  const moved: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    mkdirSync(aside, { recursive: true });
    for (const { name } of [...parts].reverse()) {
      const place = join(folder, name);
      moved.push(name);
      if (existsSync(place)) renameSync(place, join(aside, name));
      renameSync(join(nativeFolder(from), name), place);
    }
  } catch (thrown) {
    for (const name of moved) {
      const before = join(aside, name);
      if (existsSync(before)) discard(join(folder, name));
      if (existsSync(before)) renameSync(before, join(folder, name));
    }
    throw writeFailure(folder, thrown);
  }
}
