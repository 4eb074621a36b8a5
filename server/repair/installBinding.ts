import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "../protocol/errors.ts";
import { processStart } from "../state/processStart.ts";
import type { BindingProbe } from "../health/probeBinding.ts";
import type { InstallJob } from "../packs/installProtocol.ts";
import { nativeFolder, type NativePackage } from "../packs/nativePackages.ts";
import { bindingPackages } from "./bindingPackages.ts";
import { discard } from "../state/writeFailure.ts";

export interface InstallBindingOptions {
  readonly productRoot: string;
  readonly note: (line: string) => void;
  /** Downloads and unpacks; see `fetchPackages`. */
  readonly fetch: (job: Omit<InstallJob, "silenceMs">) => Promise<void>;
  /** Loads the library that is installed, in a process of its own. */
  readonly probe: () => Promise<BindingProbe>;
  /** Runs `act` while no host of the home is running or being started. */
  readonly whileIdle: <Value>(act: () => Promise<Value>) => Promise<Value>;
}

/**
 * Installs the native library anew: fetched and unpacked beside, swapped in by renaming, tried, and
 * the old one put back where the new one does not work. Says what is in use now.
 * @throws CodedError `REBUILD_FAILED`, `PLATFORM_UNSUPPORTED`; what was installed is installed still
 */
export async function installBinding(options: InstallBindingOptions): Promise<string> {
  const { productRoot, note } = options;
  const folder = nativeFolder(productRoot);
  const packages = bindingPackages(productRoot);
  recover(folder);
  const staging = join(folder, `.rebuild-${String(process.pid)}`);
  const fresh = join(staging, "new");
  const old = join(staging, "old");
  try {
    makeFolders(folder, [fresh, old]);
    for (const { spec } of packages) note(`  fetching ${spec} from the registry of your npm`);
    await options.fetch({
      packages: packages.map(({ name, spec, integrity }) => ({
        spec,
        folder: join(fresh, name),
        ...(integrity === undefined ? {} : { integrity }),
      })),
      cacheFolder: join(staging, "cache"),
    });
    const probe = await options.whileIdle(() => swap(options, { folder, fresh, old, packages }));
    const specs = packages.map(({ spec }) => spec).join(", ");
    return `${specs} installed and loaded; in use: ${probe.backend}.`;
  } finally {
    discard(staging);
  }
}

interface Places {
  readonly folder: string;
  readonly fresh: string;
  readonly old: string;
  readonly packages: readonly NativePackage[];
}

async function swap(
  { probe, note }: InstallBindingOptions,
  { folder, fresh, old, packages }: Places,
): Promise<Extract<BindingProbe, { kind: "works" }>> {
  const names = packages.map(({ name }) => name);
  let result: BindingProbe = { kind: "missing", reason: "It was not tried." };
  try {
    for (const name of names) exchange(join(folder, name), join(fresh, name), join(old, name));
    note("  trying the new library in a process of its own");
    result = await probe();
    if (result.kind === "works") return result;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new CodedError("REBUILD_FAILED", `${folder}: ${reason}`, thrown);
  } finally {
    if (result.kind !== "works") {
      for (const name of names) putBack(join(folder, name), join(old, name));
    }
  }
  const detail = `The new library does not load: ${result.reason} The old one was put back.`;
  throw new CodedError("REBUILD_FAILED", detail);
}

function exchange(place: string, fresh: string, old: string): void {
  if (existsSync(place)) renameSync(place, old);
  renameSync(fresh, place);
}

function putBack(place: string, old: string): void {
  if (!existsSync(old)) return;
  discard(place);
  renameSync(old, place);
}

function makeFolders(folder: string, folders: readonly string[]): void {
  try {
    for (const each of folders) mkdirSync(each, { recursive: true });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const detail = `${folder} cannot be written (${reason}): reinstall the extension instead.`;
    throw new CodedError("REBUILD_FAILED", detail, thrown);
  }
}

/** Undoes what a rebuild left that was killed in the middle. */
function recover(folder: string): void {
  for (const name of namesIn(folder)) {
    const pid = /^\.rebuild-(\d+)$/.exec(name)?.[1];
    if (
      pid === undefined ||
      (Number(pid) !== process.pid && processStart(Number(pid)) !== undefined)
    )
      continue;
    const old = join(folder, name, "old");
    for (const each of namesIn(old)) {
      if (!existsSync(join(folder, each))) renameSync(join(old, each), join(folder, each));
    }
    discard(join(folder, name));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
