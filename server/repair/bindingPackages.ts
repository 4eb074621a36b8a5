import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CodedError } from "../protocol/errors.ts";
import { readJson } from "../state/jsonFile.ts";

/** A package with the native library, and the folder it belongs in. */
export interface BindingPackage {
  /** Without the scope, such as `linux-x64-vulkan`. */
  readonly name: string;
  /** Name and version. */
  readonly spec: string;
  readonly integrity: string | undefined;
}

const scope = "@node-llama-cpp";

/** `dist/bindings.json`, written when the product is built: what each package must be. */
const pinnedSchema = z.record(
  z.string(),
  z.object({ version: z.string(), integrity: z.string().optional() }),
);

const manifestSchema = z.object({
  version: z.string(),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/** The folder that the packages lie in. */
export function bindingFolder(productRoot: string): string {
  return join(productRoot, "node_modules", scope);
}

/**
 * The packages of this platform: the one every machine needs, and those for GPUs that are installed.
 * @throws CodedError `REBUILD_FAILED` where node-llama-cpp is not there, `PLATFORM_UNSUPPORTED` where
 * it has no library for this platform
 */
export function bindingPackages(
  productRoot: string,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): readonly BindingPackage[] {
  const { optionalDependencies } = readManifest(productRoot);
  const pinned =
    readJson(join(productRoot, "dist", "bindings.json"), pinnedSchema, 1_000_000) ?? {};
  const own = `${osNames[platform] ?? platform}-${archNames[arch] ?? arch}`;
  const names = Object.keys(optionalDependencies)
    .filter((name) => name.startsWith(`${scope}/`))
    .map((name) => name.slice(scope.length + 1))
    .filter((name) => name === own || name.startsWith(`${own}-`));
  const base = names.find((name) => name === own) ?? names.find((name) => name.endsWith("-metal"));
  if (base === undefined) throw new CodedError("PLATFORM_UNSUPPORTED", `No library for ${own}.`);
  const installed = installedNames(productRoot);
  return names
    .filter((name) => name === base || installed.has(name))
    .map((name) => {
      const version = optionalDependencies[`${scope}/${name}`] ?? "";
      const pin = pinned[`${scope}/${name}`];
      const integrity = pin?.version === version ? pin.integrity : undefined;
      return { name, spec: `${scope}/${name}@${version}`, integrity };
    });
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
    throw new CodedError("REBUILD_FAILED", detail, thrown);
  }
}

function installedNames(productRoot: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(bindingFolder(productRoot)));
  } catch {
    return new Set();
  }
}
