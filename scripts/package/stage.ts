import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { listFiles } from "@vscode/vsce";
import type { Binding } from "./obtainBinding.ts";

const root = path.join(import.meta.dirname, "..", "..");

/** What of a package with a native library is packed. */
const bindingFile = /^(package\.json|LICENSE|dist\/.*\.js|bins\/.*)$/;

/** The files of every platform's package: all that `.vscodeignore` lets through. Relative, with `/`. */
export function listProduct(): Promise<string[]> {
  return listFiles({ cwd: root, ignoreFile: path.join(root, ".vscodeignore") });
}

/**
 * Lays out in a folder what a package holds, as links where the disk allows, so that nothing in
 * `node_modules` changes and files of other platforms cannot slip in.
 */
export function stage(
  folder: string,
  product: readonly string[],
  bindings: readonly Binding[],
): void {
  rmSync(folder, { recursive: true, force: true });
  for (const file of product) place(path.join(root, file), path.join(folder, file));
  for (const { name, folder: from, layoutOnly } of bindings) {
    const to = path.join(folder, "node_modules", "@node-llama-cpp", name);
    for (const file of filesUnder(from).filter((each) => bindingFile.test(each))) {
      place(path.join(from, file), path.join(to, file));
    }
    // npm refuses to list a package of another version than the one that is wanted.
    if (layoutOnly) pretend(path.join(to, "package.json"));
  }
}

function pretend(manifestPath: string): void {
  const { version } = JSON.parse(
    readFileSync(path.join(root, "node_modules", "node-llama-cpp", "package.json"), "utf8"),
  ) as { readonly version: string };
  const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as Record<string, unknown>;
  // A link would change the original.
  rmSync(manifestPath);
  writeFileSync(manifestPath, JSON.stringify({ ...manifest, version }, undefined, 2));
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join("/"));
}

function place(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
