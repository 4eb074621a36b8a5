import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { cleanEnvironment } from "./editor/cleanEnvironment.ts";
import { mustRun } from "./editor/runCommand.ts";
import { openEditor } from "./openEditor.ts";
import { type Sample, selfCheck } from "./selfCheck.ts";
import { stopHosts } from "./stopHosts.ts";

const root = path.join(import.meta.dirname, "..");
const samples = path.join(root, "samples", "workspace");
const sampleFile = path.join(samples, "basket.ts");
const log = (line: string): void => console.log(line);

const usage = `npm start [-- OPTION…]
  --check     stop after the self-check
  --browser   use the browser edition even where desktop VS Code is installed
  --port N    port of the browser edition (any free one by default)`;

/** `npm start`: build, check, open an editor; returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      check: { type: "boolean" },
      browser: { type: "boolean" },
      port: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    log(usage);
    return 0;
  }
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => controller.abort());
  }
  log("Building");
  const build = ["--import", "tsx", path.join("scripts", "build.ts")];
  log((await mustRun(process.execPath, build, { cwd: root })).trimEnd().replace(/^/gm, "  "));

  const folder = await mkdtemp(path.join(tmpdir(), "starcoder-start-"));
  // A home of its own, so that nothing this run starts or writes outlives it.
  const env = { STARCODER_HOME: process.env["STARCODER_HOME"] ?? path.join(folder, "home") };
  try {
    const checked = await selfCheck(await firstSample(), { ...cleanEnvironment(), ...env }, log);
    log(checked ? "Self-check passed" : "Self-check FAILED");
    if (values.check === true || controller.signal.aborted) return checked ? 0 : 1;
    const workspace = path.join(folder, "workspace");
    await cp(samples, workspace, { recursive: true });
    const opened = await openEditor({
      workspace,
      place: await emptyLine(),
      env,
      ...(values.port === undefined ? {} : { port: Number(values.port) }),
      ...(values.browser === undefined ? {} : { browser: values.browser }),
      log,
      signal: controller.signal,
    });
    return opened ? 0 : 1;
  } finally {
    if (process.env["STARCODER_HOME"] === undefined) await stopHosts(env.STARCODER_HOME);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** What the self-check completes: a line that a function above it shows how to go on. */
async function firstSample(): Promise<Sample> {
  const before = "    total += price";
  const line = await lineOf(before);
  return { file: sampleFile, line, column: before.length + 1, before };
}

/** The empty line of the first sample, where the editor opens, as FILE:LINE:COL. */
async function emptyLine(): Promise<string> {
  const line = await lineOf("export function dearest");
  return `${path.basename(sampleFile)}:${String(line + 2)}:1`;
}

/** The line of the first sample that starts so, counted from 1. */
async function lineOf(start: string): Promise<number> {
  const lines = (await readFile(sampleFile, "utf8")).split("\n");
  const index = lines.findIndex((line) => line.startsWith(start));
  if (index < 0) throw new Error(`${sampleFile} has no line that starts with ${start}`);
  return index + 1;
}
