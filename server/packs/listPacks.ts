import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Pack } from "../protocol/gpus.ts";
import { packsFolderOf } from "../state/packsFolder.ts";
import { folderSize } from "./folderSize.ts";
import {
  nativeFolder,
  readNativePackages,
  type NativePackage,
  type NativePlatform,
} from "./nativePackages.ts";

export interface PackPlaces {
  readonly homePath: string;
  readonly productRoot: string;
  /** This machine's by default. */
  readonly platform?: NativePlatform;
}

/**
 * The native libraries of this platform: the one that the product cannot do without, then those for
 * GPUs, with where each lies.
 * @throws CodedError `BINDING_MISSING`, `PLATFORM_UNSUPPORTED`
 */
export function listPacks({ homePath, productRoot, platform }: PackPlaces): readonly Pack[] {
  const { version, base, packs } = readNativePackages(productRoot, platform);
  const shipped = nativeFolder(productRoot);
  const installed = nativeFolder(packsFolderOf(homePath, version));
  const describe = (
    name: string,
    backend: Pack["backend"],
    parts: readonly NativePackage[],
  ): Pack => {
    const isIn = (folder: string): boolean => {
      return parts.every((part) => existsSync(join(folder, part.name, "package.json")));
    };
    const folder = isIn(shipped) ? shipped : isIn(installed) ? installed : undefined;
    const integrity = parts[0]?.integrity;
    return {
      name,
      backend,
      version,
      status: folder === undefined ? "available" : folder === shipped ? "shipped" : "installed",
      ...(integrity === undefined ? {} : { integrity }),
      ...(folder === undefined
        ? {}
        : {
            path: join(folder, name),
            sizeBytes: parts.reduce((sum, part) => sum + folderSize(join(folder, part.name)), 0),
          }),
    };
  };
  return [
    describe(base.name, base.name.endsWith("-metal") ? "metal" : "cpu", [base]),
    ...packs.map(({ name, backend, parts }) => describe(name, backend, parts)),
  ];
}
