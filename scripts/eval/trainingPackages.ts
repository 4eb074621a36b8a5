import type { EvalPackage } from "./packages.ts";

/** Registries compare names without case and with `-`, `_` and `.` alike (PyPI) or as they are (npm). */
function key(registry: string, name: string): string {
  return registry === "pypi"
    ? `pypi:${name.toLowerCase().replace(/[-_.]+/g, "-")}`
    : `${registry}:${name}`;
}

/**
 * The packages of `packages` that the bundled model's list of training data names.
 * @param table `registry<tab>package<tab>version<tab>licence`, with a heading line.
 */
export function trainedOn(packages: readonly EvalPackage[], table: string): EvalPackage[] {
  const trained = new Set(
    table
      .split("\n")
      .slice(1)
      .map((line) => line.split("\t"))
      .map(([registry = "", name = ""]) => key(registry, name)),
  );
  return packages.filter(({ registry, name }) => trained.has(key(registry, name)));
}
