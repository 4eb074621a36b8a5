import { machineOf } from "./machineOf.ts";
import type { Vsix } from "./readVsix.ts";
import type { Target } from "./targets.ts";

/** What no product works without. */
const required = [
  "package.json",
  "readme.md",
  "changelog.md",
  "LICENSE.txt",
  "dist/extension.cjs",
  "dist/server.mjs",
  "dist/host.mjs",
  "dist/cli.mjs",
  "dist/logs.mjs",
  "dist/install.mjs",
  "dist/download.mjs",
  "dist/bindings.json",
  "dist/views/health.js",
  "dist/views/logs.js",
  "dist/wasm/tree-sitter.wasm",
  "dist/wasm/tree-sitter-typescript.wasm",
  "media/models/starcoder-tiny.gguf",
  "prompts/review.md",
  "docs/errors.md",
  "docs/troubleshooting.md",
  "node_modules/node-llama-cpp/package.json",
  "node_modules/node-llama-cpp/dist/index.js",
];

/** What no user needs. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\.map$/, "a source map"],
  [/\.[cm]?tsx?$/, "TypeScript"],
  [/^(server|extension|test|scripts|samples|out|coverage|\.)/, "a source or a hidden file"],
  [/^node_modules\/node-llama-cpp\/(llama|templates|src)\/.*\.(cpp|h|txt|bundle)$/, "llama.cpp"],
  [/\.bundle$/, "a source bundle"],
  [/^node_modules\/(typescript|@reflink|esbuild|vitest|tsx|@vscode)\//, "a tool for developers"],
  [/(^|\/)(\.env|.*\.pem|.*\.key)$/, "a secret"],
];

const bindingScope = "node_modules/@node-llama-cpp/";

/** What is wrong with a VSIX: nothing, or a sentence each. */
export function checkVsix({ files, libraries }: Vsix, target: Target): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  const packages = new Set(
    [...paths]
      .filter((path) => path.startsWith(bindingScope))
      .map((path) => path.slice(bindingScope.length).split("/")[0] ?? ""),
  );
  const own = `${bindingScope}${target.binding}/`;
  const addons = [...libraries.keys()].filter(
    (path) => path.startsWith(own) && path.endsWith("/llama-addon.node"),
  );
  return [
    ...required.filter((path) => !paths.has(path)).map((path) => `${path} is missing.`),
    ...[...paths].flatMap((path) =>
      forbidden.filter(([pattern]) => pattern.test(path)).map(([, what]) => `${path} is ${what}.`),
    ),
    ...[...packages]
      .filter((name) => name !== target.binding && !target.carried.includes(name))
      .map((name) => `${name} belongs to another platform, or is fetched on demand.`),
    ...(addons.length === 1
      ? []
      : [`There are ${String(addons.length)} libraries of ${target.binding}, not one.`]),
    ...[...libraries].flatMap(([path, bytes]) => {
      const machine = machineOf(bytes);
      return machine === target.machine
        ? []
        : [`${path} is ${machine ?? "no library"}, not ${target.machine}.`];
    }),
  ];
}
