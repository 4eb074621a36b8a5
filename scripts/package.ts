import { existsSync } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cleanEnvironment } from "./editor/cleanEnvironment.ts";
import { mustRun } from "./editor/runCommand.ts";

const root = path.join(import.meta.dirname, "..");

/** VS Code's name of a platform → the package with node-llama-cpp's binding for it. */
const bindings: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-armhf": "linux-armv7l",
  "darwin-arm64": "mac-arm64-metal",
  "darwin-x64": "mac-x64",
  "win32-x64": "win-x64",
  "win32-arm64": "win-arm64",
};

export interface PackageOptions {
  /** VS Code's name of the platform; this machine's when absent. */
  readonly target?: string;
  /** Bindings to put in beside the platform's own, such as `linux-x64-vulkan`. */
  readonly extraBindings?: readonly string[];
}

/** Packages what `dist/` holds into `out/starcoder-local-TARGET.vsix` and returns that file's path. */
export async function packageExtension(options: PackageOptions = {}): Promise<string> {
  const target = options.target ?? hostTarget();
  const own = bindings[target];
  if (own === undefined) {
    throw new Error(`no binding for ${target}; known: ${Object.keys(bindings).join(", ")}`);
  }
  const wanted = [own, ...(options.extraBindings ?? [])];
  const missing = wanted.filter(
    (name) => !existsSync(path.join(root, "node_modules", "@node-llama-cpp", name)),
  );
  if (missing.length > 0) {
    const packages = missing.map((name) => `@node-llama-cpp/${name}`).join(" ");
    throw new Error(`not installed: ${packages} (npm install --no-save --force ${packages})`);
  }
  const out = path.join(root, "out");
  await mkdir(out, { recursive: true });
  const ignoreFile = path.join(out, `vscodeignore-${target}`);
  const allowed = await readFile(path.join(root, ".vscodeignore"), "utf8");
  const lines = wanted.map(
    (name) => `!node_modules/@node-llama-cpp/${name}/{package.json,LICENSE,dist/**/*.js,bins/**}`,
  );
  await writeFile(ignoreFile, `${allowed}${lines.join("\n")}\n`);
  const packagePath = path.join(out, `starcoder-local-${target}.vsix`);
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  await mustRun(
    process.execPath,
    [
      ...[vsce, "package", "--target", target, "--out", packagePath, "--ignoreFile", ignoreFile],
      ...["--allow-missing-repository", "--no-rewrite-relative-links"],
    ],
    { cwd: root, env: cleanEnvironment() },
  );
  return packagePath;
}

function hostTarget(): string {
  const arch = process.platform === "linux" && process.arch === "arm" ? "armhf" : process.arch;
  return `${process.platform}-${arch}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { target: { type: "string" }, binding: { type: "string", multiple: true } },
  });
  const file = await packageExtension({
    ...(values.target === undefined ? {} : { target: values.target }),
    extraBindings: values.binding ?? [],
  });
  const megabytes = ((await stat(file)).size / 1e6).toFixed(1);
  console.log(`${path.relative(root, file)} ${megabytes} MB`);
}
