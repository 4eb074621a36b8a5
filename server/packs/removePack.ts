import { existsSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "../protocol/errors.ts";
import { packsFolderOf } from "../state/packsFolder.ts";
import { discard } from "../state/writeFailure.ts";
import { folderSize } from "./folderSize.ts";
import { findPack } from "./findPack.ts";
import type { PackPlaces } from "./listPacks.ts";
import { nativeFolder, readNativePackages } from "./nativePackages.ts";

/**
 * Removes a package of the home; a host that has loaded it goes on. How many bytes that freed.
 * @throws CodedError `PACK_UNAVAILABLE` for a name that is none, or one that ships with the product;
 * `PACK_FAILED` where it cannot be removed
 */
export function removePack(name: string, places: PackPlaces): number {
  const { homePath, productRoot, platform } = places;
  const native = readNativePackages(productRoot, platform);
  const { parts } = findPack(name, native);
  const folder = nativeFolder(packsFolderOf(homePath, native.version));
  const paths = parts.map((part) => join(folder, part.name)).filter((path) => existsSync(path));
  if (paths.length === 0) {
    const shipped = existsSync(join(nativeFolder(productRoot), name));
    const why = shipped ? "is part of the extension" : "is not installed";
    throw new CodedError("PACK_UNAVAILABLE", `${name} ${why}.`);
  }
  const bytes = paths.reduce((sum, path) => sum + folderSize(path), 0);
  for (const path of paths) discard(path);
  const left = paths.find((path) => existsSync(path));
  if (left !== undefined) {
    throw new CodedError("PACK_FAILED", `${left} cannot be removed: close other windows first.`);
  }
  return bytes;
}
