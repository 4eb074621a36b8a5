import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CodedError } from "../protocol/errors.ts";
import type { Pack } from "../protocol/gpus.ts";
import { readJson } from "../state/jsonFile.ts";
import { nativeScope } from "../state/packsFolder.ts";

/** A package with a native library of node-llama-cpp. */
export interface NativePackage {
  /** Without the scope, such as `linux-x64-vulkan`. */
  readonly name: string;
  readonly version: string;
  /** Name and version, as npm takes them. */
  readonly spec: string;
  /** What its bytes must be; absent where this product was built without knowing. */
  readonly integrity: string | undefined;
}

/** A backend for GPUs: a package, for CUDA together with the one that holds more of it. */
export interface NativePack {
  readonly name: string;
  readonly backend: Extract<Pack["backend"], "cuda" | "vulkan">;
  readonly parts: readonly NativePackage[];
}

/** What node-llama-cpp has for a platform. */
export interface NativePackages {
  /** Of node-llama-cpp; its packages have the same. */
  readonly version: string;
  /** The one that every machine of the platform needs; on Macs with Apple processors it is Metal's. */
  readonly base: NativePackage;
  readonly packs: readonly NativePack[];
}

export interface NativePlatform {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/** `dist/bindings.json`, written when the product is built: what each package must be. */
const pinnedSchema = z.record(
  z.string(),
  z.object({ version: z.string(), integrity: z.string().optional() }),
);

const manifestSchema = z.object({
  version: z.string(),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** The folder of a product, or of anything with a `node_modules`, that the packages lie in. */
export function nativeFolder(root: string): string {
  return join(root, "node_modules", nativeScope);
}

/**
 * The packages that node-llama-cpp names for a platform.
 * @throws CodedError `BINDING_MISSING` where node-llama-cpp is not there, `PLATFORM_UNSUPPORTED`
 * where it has no library for the platform
 */
export function readNativePackages(
  productRoot: string,
  { platform, arch }: NativePlatform = process,
): NativePackages {
  const { version, optionalDependencies } = readManifest(productRoot);
  const pinned =
    readJson(join(productRoot, "dist", "bindings.json"), pinnedSchema, 1_000_000) ?? {};
  const own = `${osNames[platform] ?? platform}-${archNames[arch] ?? arch}`;
  const packages = Object.entries(optionalDependencies).flatMap(
    ([full, wanted]): NativePackage[] => {
      const name = full.slice(nativeScope.length + 1);
      if (full !== `${nativeScope}/${name}` || (name !== own && !name.startsWith(`${own}-`))) {
        return [];
      }
      const pin = pinned[full];
      const integrity = pin?.version === wanted ? pin.integrity : undefined;
      return [{ name, version: wanted, spec: `${full}@${wanted}`, integrity }];
    },
  );
  const base =
    packages.find(({ name }) => name === own) ?? packages.find(({ name }) => /-metal$/.test(name));
  if (base === undefined) throw new CodedError("PLATFORM_UNSUPPORTED", `No library for ${own}.`);
  const packs = packages.flatMap((each): NativePack[] => {
    const backend = /-(cuda|vulkan)$/.exec(each.name)?.[1];
    if (backend !== "cuda" && backend !== "vulkan") return [];
    const more = packages.filter(({ name }) => name === `${each.name}-ext`);
    return [{ name: each.name, backend, parts: [each, ...more] }];
  });
  return { version, base, packs };
}

/** As node-llama-cpp's packages call them. */
const osNames: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: "mac",
  win32: "win",
};
const archNames: Readonly<Record<string, string>> = { arm: "armv7l" };

function readManifest(productRoot: string): z.infer<typeof manifestSchema> {
  const path = join(productRoot, "node_modules", "node-llama-cpp", "package.json");
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (thrown) {
    const detail = `${path} cannot be read: reinstall the extension.`;
    throw new CodedError("BINDING_MISSING", detail, thrown);
  }
}
