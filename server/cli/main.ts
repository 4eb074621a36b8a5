import { Command, CommanderError, InvalidArgumentError } from "commander";
import { compose, type Product } from "../compose/compose.ts";
import { settingProblemToError } from "../protocol/parseSettings.ts";
import { defaultSettings, type Settings } from "../protocol/settings.ts";
import { productVersion } from "../protocol/version.ts";
import { registerBackup } from "./backup.ts";
import type { CommandLine, Flags, Register } from "./commandLine.ts";
import { complete } from "./complete.ts";
import { registerDoctor } from "./doctor.ts";
import { addEngineFlags, engineSettingsOf } from "./engineFlags.ts";
import { registerExplain } from "./explain.ts";
import { registerGenerate } from "./generate/generate.ts";
import { registerGpu } from "./gpu.ts";
import { registerLogs } from "./logs.ts";
import { registerModels } from "./models/models.ts";
import { exitCodes, report, type CommandOutcome } from "./outcome.ts";
import { registerPrompt } from "./prompt.ts";
import { registerRebuild } from "./rebuild.ts";
import { registerReport } from "./report.ts";
import { registerReset } from "./reset.ts";
import { registerRestart } from "./restart.ts";
import { registerRestore } from "./restore.ts";
import { registerServe } from "./serve.ts";
import { registerStats } from "./stats.ts";
import { review, type ReviewFlags } from "./review/review.ts";

const terminal = {
  out: (text: string) => void process.stdout.write(`${text}\n`),
  error: (text: string) => void process.stderr.write(`${text}\n`),
};

/** Runs one command with a product made for it and leaves the exit code to the process. */
async function run(
  flags: Flags,
  act: (product: Product) => Promise<CommandOutcome>,
  own: Partial<Settings> = {},
) {
  const settings = { ...defaultSettings, ...engineSettingsOf(flags), ...own };
  let product: Product | undefined;
  // While the model loads nothing else keeps the process alive.
  const alive = setInterval(() => undefined, 60_000);
  process.exitCode = await report(terminal, flags.json === true, async () => {
    product = compose({ clientName: "command line", logName: `cli-${process.pid}`, settings });
    const problem = product.apply(settings)[0];
    if (problem !== undefined) throw settingProblemToError(problem);
    return act(product);
  });
  clearInterval(alive);
  product?.dispose();
}

function toProbability(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("Expected a number from 0 to 1.");
}

/** Aborts at Ctrl-C, or when the editor cancels; a second one ends the process. */
function untilInterrupted(): AbortSignal {
  const abort = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => abort.abort());
  return abort.signal;
}

const add: CommandLine["add"] = (parent, usage, description) =>
  addEngineFlags(
    parent.command(usage).description(description).option("--json", "print one JSON document"),
  );

async function runPlain(flags: Flags, act: () => Promise<CommandOutcome>): Promise<void> {
  process.exitCode = await report(terminal, flags.json === true, act);
}

/** The other commands, in the order in which the help lists them. */
const registrations: readonly Register[] = [
  registerGenerate,
  registerModels,
  registerGpu,
  registerDoctor,
  registerExplain,
  registerPrompt,
  registerServe,
  registerStats,
  registerLogs,
  registerRestart,
  registerRebuild,
  registerBackup,
  registerRestore,
  registerReset,
  registerReport,
];

function createProgram(): Command {
  const program = new Command("starcoder")
    .description("Fill-in-the-middle completion with a StarCoder model on this machine.")
    .version(productVersion)
    .exitOverride();
  add(program, "complete", "one suggestion at a place in a file, and what it took")
    .argument("<FILE:LINE:COL>", "the place; line and column count from 1")
    .action((place: string, flags: Flags) => run(flags, (product) => complete(product, place)));
  add(program, "review", "mistakes in files, found by likelihood, with fixes")
    .argument("[FILE...]", "files, or folders for all that lies in them")
    .option("--changed [REF]", "only what differs from a git revision, HEAD by default")
    .option("--sarif", "print one SARIF 2.1.0 document")
    .option("--all", "list findings that are kept back, too")
    .option("--min-confidence <P>", "draw findings from this probability on, 0 to 1", toProbability)
    .action((names: string[], flags: Flags & ReviewFlags & { minConfidence?: number }) =>
      run(
        { ...flags, json: flags.json === true || flags.sarif === true },
        (product) => review(product, names, flags, untilInterrupted()),
        // Nobody waits at a cursor here: long files are reviewed to their end.
        { "review.minConfidence": flags.minConfidence ?? -1, "review.maxSeconds": 3600 },
      ),
    );
  const commandLine: CommandLine = { terminal, add, run, runPlain, untilInterrupted };
  for (const register of registrations) register(program, commandLine);
  return program;
}

try {
  await createProgram().parseAsync();
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  // Commander has printed what is wrong, or the help that was asked for.
  process.exitCode = thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
