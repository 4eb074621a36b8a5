import { readdirSync } from "node:fs";
import { nativeFolder, readNativePackages, type NativePackage } from "../packs/nativePackages.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";

/**
 * The packages of a product that a rebuild installs anew: the one that every machine of its platform
 * needs, and those for GPUs that the product has.
 * @throws CodedError `REBUILD_FAILED` where node-llama-cpp is not there, `PLATFORM_UNSUPPORTED` where
 * it has no library for this platform
 */
export function bindingPackages(
  productRoot: string,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): readonly NativePackage[] {
  try {
    const { base, packs } = readNativePackages(productRoot, { platform, arch });
    const installed = installedNames(productRoot);
    const parts = packs.flatMap((pack) => pack.parts);
    return [base, ...parts.filter(({ name }) => installed.has(name))];
  } catch (thrown) {
    const { code, message } = toCodedError(thrown);
    if (code !== "BINDING_MISSING") throw thrown;
    throw new CodedError("REBUILD_FAILED", message, thrown);
  }
}

function installedNames(productRoot: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(nativeFolder(productRoot)));
  } catch {
    return new Set();
  }
}
