import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { analyseLogs } from "../logs/read/analysis/analyseLogs.ts";
import { CodedError } from "../protocol/errors.ts";
import { logAnalysisSchema } from "../protocol/logs.ts";
import { locateHome } from "../state/home.ts";
import type { Register } from "./commandLine.ts";
import { describeAnalysis } from "./logs/describeAnalysis.ts";
import { toLines, toLogFilter, type LogFlags } from "./logs/logFlags.ts";
import { standardOutput } from "./logs/output.ts";
import { printLogs } from "./logs/printLogs.ts";
import { exitCodes, UsageError } from "./outcome.ts";

/** Records that are printed when nothing is said. */
const usualLines = 200;

/** `starcoder logs` and `starcoder logs analyse`. */
export const registerLogs: Register = (program, commandLine) => {
  const logs = withFilters(program.command("logs"))
    .description("what the product logged, of all its processes by time")
    .option("--lines <N>", "how many of the newest records; 0 for all (default: 200)")
    .option("--follow", "go on with new records until Ctrl-C; with --json, one document a line")
    // What stands behind `analyse` belongs to it.
    .enablePositionalOptions()
    .action((flags: LogFlags) =>
      commandLine.runPlain(flags, async () => {
        const lines = toLines(flags.lines, usualLines);
        const filter = toLogFilter(flags, new Date());
        return printLogs({
          folder: await folderOf(flags),
          filter,
          lines,
          json: flags.json === true,
          follow: flags.follow === true,
          output: standardOutput(),
          signal:
            flags.follow === true ? commandLine.untilInterrupted() : new AbortController().signal,
          now: () => performance.now(),
        });
      }),
    );
  withFilters(logs.command("analyse"))
    .alias("analyze")
    .description("levels, errors with their remedies, latency, restarts and known patterns")
    .action((_flags: LogFlags, command: Command) => {
      const flags = command.optsWithGlobals<LogFlags>();
      return commandLine.runPlain(flags, async () => {
        if (flags.follow === true || flags.lines !== undefined) {
          throw new UsageError("logs analyse takes neither --follow nor --lines.");
        }
        const filter = toLogFilter(flags, new Date());
        const folder = await folderOf(flags);
        const { signal } = new AbortController();
        const record = logAnalysisSchema.parse(await analyseLogs({ folder, filter, signal }));
        return { record, text: describeAnalysis(record), exitCode: exitCodes.done };
      });
    });
};

function withFilters(command: Command): Command {
  return command
    .option("--json", "print one JSON document")
    .option("--service <NAME...>", "only these: server, completion, review, workflow, host")
    .option("--level <LEVEL>", "this level and what is more important: error, warn, info, debug")
    .option("--since <TIME>", "from this time on: ISO 8601, or 10m, 2h, 1d for as long ago")
    .option("--until <TIME>", "up to this time")
    .option("--grep <TEXT>", "only records with this text, whatever its case")
    .option("--code <CODE>", "only records with this error code")
    .option("--request <ID>", "only records of this request")
    .option("--folder <DIR>", "where the logs lie, instead of the home's folder");
}

/** The home's folder may not exist yet; one that somebody names must. */
async function folderOf({ folder }: LogFlags): Promise<string> {
  if (folder === undefined) return join(locateHome(), "logs");
  const path = resolve(folder);
  const status = await stat(path).catch((thrown: unknown) => {
    throw new CodedError("LOG_UNREADABLE", `${path}: ${String(thrown)}`, thrown);
  });
  if (!status.isDirectory()) throw new CodedError("LOG_UNREADABLE", `${path} is no folder.`);
  return path;
}
