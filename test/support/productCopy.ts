import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The package of node-llama-cpp that this machine needs. */
export const bindingName = `${process.platform === "darwin" ? "mac" : process.platform}-${process.arch}${
  process.platform === "darwin" && process.arch === "arm64" ? "-metal" : ""
}`;

/** Where the installed package with the native library lies in a product. */
export function bindingOf(productRoot: string): string {
  return join(productRoot, "node_modules", "@node-llama-cpp", bindingName);
}

/** The repository's own product, which tests must leave alone. */
export const ownProduct = root;

/** Copies the built product, its native library included, so that a test may break it. */
export function copyProduct(folder: string): string {
  const product = join(folder, "product");
  const modules = join(product, "node_modules");
  mkdirSync(modules, { recursive: true });
  cpSync(join(root, "package.json"), join(product, "package.json"));
  cpSync(join(root, "dist"), join(product, "dist"), {
    recursive: true,
    filter: (path) => !path.endsWith(".map"),
  });
  for (const name of ["media", "prompts"]) symlinkSync(join(root, name), join(product, name));
  for (const name of readdirSync(join(root, "node_modules"))) {
    // What is found from these two must be found in the copy.
    if (name === "node-llama-cpp" || name === "@node-llama-cpp") continue;
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  cpSync(join(root, "node_modules", "node-llama-cpp"), join(modules, "node-llama-cpp"), {
    recursive: true,
  });
  cpSync(bindingOf(root), bindingOf(product), { recursive: true });
  return product;
}
