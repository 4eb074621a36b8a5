import { existsSync, readFileSync } from "node:fs";
import { register } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** The scope of the packages with node-llama-cpp's native libraries. */
export const nativeScope = "@node-llama-cpp";

/** Folders of a home in which libraries for GPUs are kept, one for each version of node-llama-cpp. */
export function packsRoot(homePath: string): string {
  return join(homePath, "packs");
}

/** Where the packages for one version of node-llama-cpp lie: in `node_modules/@node-llama-cpp` of it. */
export function packsFolderOf(homePath: string, version: string): string {
  return join(packsRoot(homePath), version);
}

/** The version of node-llama-cpp that is found from a folder; undefined where there is none. */
export function nodeLlamaCppVersion(folder: string): string | undefined {
  const path = join(folder, "node_modules", "node-llama-cpp", "package.json");
  if (!existsSync(path)) {
    return dirname(folder) === folder ? undefined : nodeLlamaCppVersion(dirname(folder));
  }
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8")) as { readonly version?: unknown };
    return typeof manifest.version === "string" ? manifest.version : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What Node's module loader runs: a package of node-llama-cpp that the product lacks is looked for
 * in the home. Text, so that a process that is started with a text can use it as well.
 */
const hookSource = `
let from;
export function initialize(folder) { from = folder; }
export async function resolve(specifier, context, next) {
  if (!specifier.startsWith("${nativeScope}/")) return next(specifier, context);
  try {
    return await next(specifier, context);
  } catch (missing) {
    try {
      return await next(specifier, { ...context, parentURL: from });
    } catch {
      throw missing;
    }
  }
}
`;

/** The hook as a module that `register` of `node:module` takes. */
export const packsHookUrl = `data:text/javascript,${encodeURIComponent(hookSource)}`;

/** What the hook is given: an address in the folder, from which packages are looked for. */
export function packsHookData(packsFolder: string): string {
  return pathToFileURL(join(packsFolder, "package.json")).href;
}

/**
 * Has this process find node-llama-cpp's packages in a folder, too. Costs nothing where there are
 * none; to be called once, before node-llama-cpp is asked for a library.
 */
export function findPacksIn(packsFolder: string): void {
  if (!existsSync(join(packsFolder, "node_modules", nativeScope))) return;
  register(packsHookUrl, { data: packsHookData(packsFolder) });
}
