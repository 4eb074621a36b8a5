/**
 * Bundles the product into dist/: `npx tsx scripts/build.ts [--watch] [--production] [--analyze]`.
 * node-llama-cpp stays external: it loads its native binaries from its own folder structure.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { loadReviewPrompts } from "../server/review/comments/prompt.ts";
import { loadGeneratePrompts, loadRevisePrompts } from "../server/workflow/prompts.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/** Grammars that server/syntax uses; each is a file of @vscode/tree-sitter-wasm. */
const grammars = [
  "bash",
  "c-sharp",
  "cpp",
  "css",
  "go",
  "java",
  "javascript",
  "php",
  "python",
  "ruby",
  "rust",
  "tsx",
  "typescript",
];

interface Bundle {
  readonly entry: string;
  readonly outfile: string;
  readonly format: "cjs" | "esm";
  readonly executable?: boolean;
  /** A view of the editor: runs in a browser. */
  readonly view?: boolean;
}

const bundles: readonly Bundle[] = [
  { entry: "extension/main.ts", outfile: "extension.cjs", format: "cjs" },
  { entry: "server/lsp/main.ts", outfile: "server.mjs", format: "esm" },
  { entry: "server/host/main.ts", outfile: "host.mjs", format: "esm" },
  { entry: "server/cli/main.ts", outfile: "cli.mjs", format: "esm", executable: true },
  { entry: "server/logs/main.ts", outfile: "logs.mjs", format: "esm" },
  { entry: "server/packs/install.ts", outfile: "install.mjs", format: "esm" },
  { entry: "server/models/download/main.ts", outfile: "download.mjs", format: "esm" },
  { entry: "media/health/main.tsx", outfile: "views/health.js", format: "esm", view: true },
  { entry: "media/logs/main.tsx", outfile: "views/logs.js", format: "esm", view: true },
  { entry: "media/result/main.tsx", outfile: "views/result.js", format: "esm", view: true },
];

/** CommonJS dependencies inside an ES module bundle still call these; ES modules have none. */
const commonJsGlobals = [
  'import { createRequire as createRequireForBundle } from "node:module";',
  'import { dirname as dirnameForBundle } from "node:path";',
  'import { fileURLToPath as fileURLToPathForBundle } from "node:url";',
  "const require = createRequireForBundle(import.meta.url);",
  "const __filename = fileURLToPathForBundle(import.meta.url);",
  "const __dirname = dirnameForBundle(__filename);",
].join("\n");

function optionsOf(bundle: Bundle, version: string, production: boolean): esbuild.BuildOptions {
  const hashbang = bundle.executable ? "#!/usr/bin/env node\n" : "";
  const node: esbuild.BuildOptions = {
    platform: "node",
    target: "node20",
    external: ["vscode", "node-llama-cpp", "@node-llama-cpp/*"],
    loader: { ".md": "text" },
    banner: { js: hashbang + (bundle.format === "esm" ? commonJsGlobals : "") },
  };
  const browser: esbuild.BuildOptions = {
    platform: "browser",
    target: "chrome128",
    jsx: "automatic",
    jsxImportSource: "preact",
  };
  return {
    absWorkingDir: root,
    entryPoints: [bundle.entry],
    outfile: join(dist, bundle.outfile),
    bundle: true,
    format: bundle.format,
    ...(bundle.view === true ? browser : node),
    define: { STARCODER_VERSION: JSON.stringify(version) },
    minify: production,
    keepNames: production,
    sourcemap: production ? false : "linked",
    legalComments: production ? "linked" : "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  };
}

function copySyntax(): void {
  const from = join(root, "node_modules/@vscode/tree-sitter-wasm/wasm");
  const to = join(dist, "wasm");
  mkdirSync(to, { recursive: true });
  const names = ["tree-sitter.wasm", ...grammars.map((name) => `tree-sitter-${name}.wasm`)];
  for (const name of names) replaceFile(join(to, name), readFileSync(join(from, name)));
}

/** What the rebuild command installs: each package of the native library as package-lock.json has it. */
function writeBindings(): void {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { version: string; integrity?: string }>>;
  };
  const prefix = "node_modules/@node-llama-cpp/";
  const bindings = Object.entries(lock.packages)
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, { version, integrity }]) => [
      path.slice("node_modules/".length),
      { version, integrity },
    ]);
  const text = JSON.stringify(Object.fromEntries(bindings), undefined, 2);
  replaceFile(join(dist, "bindings.json"), Buffer.from(`${text}\n`));
}

/** Prompts are read where they lie; one whose slots the code does not fill must not be shipped. */
function checkPrompts(): void {
  const read = (name: string): string => readFileSync(join(root, "prompts", name), "utf8");
  loadReviewPrompts(read("review.md"));
  loadGeneratePrompts(read("generate.md"));
  loadRevisePrompts(read("revise.md"));
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
    return String(manifest.version);
  }
  throw new Error("package.json has no version");
}

/**
 * Puts a finished file in place in one step, and leaves an unchanged one alone: a process that
 * starts from dist/ meanwhile reads the old file or the new one.
 */
function replaceFile(path: string, contents: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const partial = `${path}.${String(process.pid)}.partial`;
  writeFileSync(partial, contents);
  renameSync(partial, path);
}

function report(bundle: Bundle, metafile: esbuild.Metafile | undefined, analyze: boolean): void {
  const outfile = join(dist, bundle.outfile);
  if (bundle.executable) chmodSync(outfile, 0o755);
  if (metafile === undefined) return;
  const bytes = metafile.outputs[relative(root, outfile)]?.bytes ?? 0;
  console.log(`dist/${bundle.outfile}  ${String(Math.round(bytes / 1024))} KiB`);
  if (!analyze) return;
  mkdirSync(join(dist, "metafile"), { recursive: true });
  writeFileSync(join(dist, "metafile", `${bundle.outfile}.json`), JSON.stringify(metafile));
}

const { values } = parseArgs({
  options: {
    watch: { type: "boolean", default: false },
    production: { type: "boolean", default: false },
    analyze: { type: "boolean", default: false },
  },
});

if (values.production) rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
copySyntax();
checkPrompts();
writeBindings();
const version = readVersion();
for (const bundle of bundles) {
  if (!existsSync(join(root, bundle.entry))) {
    console.log(`skipped dist/${bundle.outfile}: ${bundle.entry} does not exist`);
    continue;
  }
  const options = optionsOf(bundle, version, values.production);
  const reporter: esbuild.Plugin = {
    name: "report",
    setup(build) {
      build.onEnd((result) => {
        if (result.errors.length > 0) return;
        for (const file of result.outputFiles ?? []) replaceFile(file.path, file.contents);
        report(bundle, result.metafile, values.analyze);
      });
    },
  };
  const context = await esbuild.context({ ...options, plugins: [reporter] });
  if (values.watch) {
    await context.watch();
    continue;
  }
  try {
    await context.rebuild();
  } catch {
    // esbuild has printed what is wrong; the other bundles are still worth building.
    process.exitCode = 1;
  } finally {
    await context.dispose();
  }
}
if (values.watch) console.log("watching; Ctrl-C ends");
