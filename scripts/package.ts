/**
 * Packages what `dist/` holds, one VSIX for each platform:
 * `npx tsx scripts/package.ts [--target NAME]… [--all] [--layout] [--lean]`.
 */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cleanEnvironment } from "./editor/cleanEnvironment.ts";
import { mustRun } from "./editor/runCommand.ts";
import { checkVsix } from "./package/checkVsix.ts";
import { obtainBinding, type Binding } from "./package/obtainBinding.ts";
import { readVsix } from "./package/readVsix.ts";
import { describeSizes, partsOf, type Row } from "./package/sizes.ts";
import { listProduct, stage } from "./package/stage.ts";
import { carriedLimitBytes, ownTarget, targetOf, targets, type Target } from "./package/targets.ts";

const root = path.join(import.meta.dirname, "..");
const out = path.join(root, "out");

export interface PackageOptions {
  /** VS Code's name of the platform; this machine's when absent. */
  readonly target?: string;
  /** Leave out what only GPUs need. */
  readonly lean?: boolean;
  /** Where the pinned packages cannot be had, take others, for measuring. */
  readonly layout?: boolean;
  /** What `listProduct` found, where several are packaged. */
  readonly product?: readonly string[];
}

export interface Packaged {
  readonly file: string;
  readonly target: Target;
  /** What was left out or taken instead of what was wanted. */
  readonly remarks: readonly string[];
}

/**
 * Packages what `dist/` holds into `out/starcoder-local-TARGET.vsix` and returns that file's path.
 * @throws Error where a package with a native library cannot be had
 */
export async function packageExtension(options: PackageOptions = {}): Promise<string> {
  return (await packageFor(options)).file;
}

/** The same, with what is to be said about it. */
export async function packageFor(options: PackageOptions): Promise<Packaged> {
  const { lean = false, layout = false } = options;
  const target = options.target === undefined ? ownTarget() : targetOf(options.target);
  const product = options.product ?? (await listProduct());
  const remarks: string[] = [];
  const bindings = [await obtainBinding(target.binding, layout)];
  for (const name of lean ? [] : target.carried) bindings.push(await obtainBinding(name, layout));
  const layoutOnly = bindings.filter((each) => each.layoutOnly);
  for (const { name, version } of layoutOnly) remarks.push(`${name} is ${version}`);
  if (layoutOnly.length > 0) remarks.push("for measuring, not to be released");
  const suffix = layoutOnly.length > 0 ? "-LAYOUT-ONLY" : "";
  const file = path.join(out, `starcoder-local-${target.name}${suffix}.vsix`);
  await pack(target, product, bindings, file);
  const carried = new Set(target.carried);
  const tooLarge = partsOf(readVsix(file).files).filter(
    ({ name, packedBytes }) => carried.has(name) && packedBytes > carriedLimitBytes,
  );
  if (tooLarge.length > 0) {
    const names = new Set(tooLarge.map(({ name }) => name));
    remarks.push(...[...names].map((name) => `${name} is too large to be carried`));
    await pack(
      target,
      product,
      bindings.filter(({ name }) => !names.has(name)),
      file,
    );
  }
  return { file, target, remarks };
}

async function pack(
  target: Target,
  product: readonly string[],
  bindings: readonly Binding[],
  file: string,
): Promise<void> {
  const folder = path.join(out, `stage-${target.name}`);
  const ignoreFile = path.join(out, "vscodeignore-staged");
  await mkdir(out, { recursive: true });
  // All that was laid out is wanted.
  await writeFile(ignoreFile, "!**\n");
  stage(folder, product, bindings);
  const vsce = path.join(root, "node_modules", "@vscode", "vsce", "vsce");
  try {
    await mustRun(
      process.execPath,
      [
        ...[vsce, "package", "--target", target.name, "--out", file, "--ignoreFile", ignoreFile],
        ...["--allow-missing-repository", "--no-rewrite-relative-links"],
      ],
      { cwd: folder, env: cleanEnvironment() },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: "string", multiple: true },
      all: { type: "boolean", default: false },
      layout: { type: "boolean", default: false },
      lean: { type: "boolean", default: false },
    },
  });
  const { all, layout, lean } = values;
  const names = all ? targets.map(({ name }) => name) : (values.target ?? [ownTarget().name]);
  const product = await listProduct();
  const rows: Row[] = [];
  for (const name of names) {
    try {
      const { file, target, remarks } = await packageFor({ target: name, lean, layout, product });
      const vsix = readVsix(file);
      const problems = checkVsix(vsix, target);
      for (const problem of problems) console.error(`${path.basename(file)}: ${problem}`);
      if (problems.length > 0) process.exitCode = 1;
      const vsixBytes = (await stat(file)).size;
      rows.push({
        target: name,
        vsixBytes,
        parts: partsOf(vsix.files),
        remark: remarks.join("; "),
      });
      console.log(`${path.relative(root, file)} ${(vsixBytes / 1e6).toFixed(1)} MB`);
    } catch (thrown) {
      const reason =
        thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown);
      console.error(`NOT BUILT: ${name}: ${reason}`);
      rows.push({ target: name, parts: [], remark: `not built: ${reason}` });
      process.exitCode = 1;
    }
  }
  const report = describeSizes(rows);
  console.log(`\n${report}`);
  await mkdir(out, { recursive: true });
  await writeFile(path.join(out, "sizes.md"), `${report}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
