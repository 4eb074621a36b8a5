import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";

const root = path.join(import.meta.dirname, "..", "..", "..");
const suite = path.join(root, "test", "editor", "host");

/** Bundles the suite that runs inside the extension host into `out/` and returns its entry. */
export async function bundleHostSuite(): Promise<string> {
  const outdir = path.join(root, "out", "editorHost");
  await rm(outdir, { recursive: true, force: true });
  const names = (await readdir(suite)).filter((name) => name.endsWith(".ts"));
  await esbuild.build({
    entryPoints: names.map((name) => path.join(suite, name)),
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return path.join(outdir, "run.cjs");
}
