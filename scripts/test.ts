import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { cleanEnvironment } from "./editor/cleanEnvironment.ts";
import { runCommand } from "./editor/runCommand.ts";

const root = path.join(import.meta.dirname, "..");
const log = (line: string): void => console.log(line);

/** What one suite came to; a check without tests of its own counts as one. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Names of tests that this machine cannot run, or why a whole suite did not. */
  readonly skipped: readonly string[];
}

/** Suites that read the sources alone: they run side by side, before the others. */
const isStatic = (name: string): boolean => ["types", "views", "lint", "format"].includes(name);

/** The suites in their order; what runs the product runs alone, so that its timing is its own. */
const suites: Readonly<Record<string, () => Promise<Counts>>> = {
  types: () => check("types", ["typescript/bin/tsc", "--noEmit", "-p", "tsconfig.json"]),
  views: () => check("views", ["typescript/bin/tsc", "--noEmit", "-p", "media/tsconfig.json"]),
  lint: () => check("lint", ["eslint/bin/eslint.js", "."]),
  format: () => check("format", ["prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."]),
  build: () => check("build", ["tsx/dist/cli.mjs", "scripts/build.ts"]),
  unit: () => vitest("unit", ["test/unit"]),
  process: () => vitest("process", ["test/process"]),
  model: () => vitest("model", ["test/model"]),
  editor: () => vitest("editor", ["--config", "test/editor/vitest.config.ts"]),
};

/** `npm test [-- SUITE…]`: runs the suites and ends with `N passed, N failed`; returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const names = Object.keys(suites);
  const unknown = args.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    log(`No suite ${unknown.join(", ")}; there are: ${names.join(", ")}`);
    return 2;
  }
  const chosen = names.filter((name) => args.length === 0 || args.includes(name));
  const counts = await Promise.all(chosen.filter(isStatic).map(runSuite));
  for (const name of chosen.filter((each) => !isStatic(each))) counts.push(await runSuite(name));
  const skipped = counts.flatMap((suite) => suite.skipped);
  const passed = sum(counts.map((suite) => suite.passed));
  const failed = sum(counts.map((suite) => suite.failed));
  for (const reason of skipped) log(`SKIPPED ${reason}`);
  log(`${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 ? 0 : 1;
}

/** Runs one and says how it went; what it skipped is named with it. */
async function runSuite(name: string): Promise<Counts> {
  const started = Date.now();
  log(`── ${name}`);
  const counts = (await suites[name]?.()) ?? { passed: 0, failed: 0, skipped: [] };
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  log(
    `   ${name}: ${String(counts.passed)} passed, ${String(counts.failed)} failed in ${seconds} s\n`,
  );
  return { ...counts, skipped: counts.skipped.map((reason) => `${name}: ${reason}`) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

async function check(name: string, [script = "", ...args]: readonly string[]): Promise<Counts> {
  const command = [path.join(root, "node_modules", script), ...args];
  const { code, output } = await runCommand(process.execPath, command, {
    cwd: root,
    env: cleanEnvironment(),
    progress: { log, title: name },
  });
  if (code !== 0) log(output.trimEnd());
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
}

/** The part of vitest's JSON report that is counted. */
interface VitestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

async function vitest(name: string, args: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(path.join(tmpdir(), "starcoder-test-"));
  const file = path.join(folder, "report.json");
  const command = [
    path.join(root, "node_modules", "vitest", "vitest.mjs"),
    ...["run", ...args, "--passWithNoTests"],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
  ];
  try {
    const { code } = await runCommand(process.execPath, command, {
      cwd: root,
      env: cleanEnvironment(),
      inherit: true,
    });
    const report = JSON.parse(
      await readFile(file, "utf8").catch(() => "null"),
    ) as VitestReport | null;
    return countVitest(name, code, report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A suite that fails without a failing test (it could not be loaded, an unhandled error) counts too. */
function countVitest(name: string, code: number, report: VitestReport | null): Counts {
  if (report === null) {
    const skipped = code === 0 ? [`there are no ${name} tests`] : [];
    return { passed: 0, failed: code === 0 ? 0 : 1, skipped };
  }
  const tests = report.testResults.flatMap((result) => result.assertionResults);
  const broken = report.testResults.filter(
    (result) =>
      result.status === "failed" &&
      result.assertionResults.every((test) => test.status !== "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: tests
      .filter((test) => test.status !== "passed" && test.status !== "failed")
      .map((test) => test.fullName),
  };
}
