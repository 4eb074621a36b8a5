import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Product } from "../compose/compose.ts";
import { readStats } from "../compose/composeStats.ts";
import { createReport, reportOf, type Report } from "../health/report/report.ts";
import { saveZip } from "../health/report/saveZip.ts";
import { readPrivateFacts } from "../logs/privateFacts.ts";
import { CodedError } from "../protocol/errors.ts";
import { parseSettings } from "../protocol/parseSettings.ts";
import { reportRecordSchema } from "../protocol/records.ts";
import type { Settings } from "../protocol/settings.ts";
import { locateHome } from "../state/home.ts";
import { readText } from "../workspace/readText.ts";
import type { Flags, Register } from "./commandLine.ts";
import { engineSettingsOf } from "./engineFlags.ts";
import { exitCodes, UsageError, type CommandOutcome } from "./outcome.ts";
import { unsupported } from "./unsupported.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";

/** A page is some tens of kilobytes, and what the user has pasted into it. */
const mostPageBytes = 10_000_000;

interface ReportFlags extends Flags, FactsFlags {
  readonly zip?: string;
  readonly page?: string;
  readonly force?: boolean;
}

/** `starcoder report`: a page about this machine and what went wrong, without secrets. */
export const registerReport: Register = (program, commandLine) => {
  const command = commandLine
    .add(program, "report", "a Markdown page for an issue, without secrets and source text")
    .option("--zip <FILE>", "also write page and logs to a zip file")
    .option("--page <FILE>", "with --zip: put this page into it, instead of writing one")
    .option("--force", "replace the zip file if it is there");
  addFactsOption(command).action((flags: ReportFlags) =>
    flags.page === undefined
      ? commandLine.run(flags, (product) => report(product, flags))
      : commandLine.runPlain(flags, () => pack(flags, flags.page ?? "")),
  );
};

async function report(product: Product, flags: ReportFlags): Promise<CommandOutcome> {
  const facts = await readFacts(flags.facts);
  const zip = zipOf(flags);
  const settings = { ...parseSettings(facts?.settings).settings, ...engineSettingsOf(flags) };
  if (facts !== undefined) product.apply(settings);
  const known = facts === undefined ? {} : { facts };
  const made = await createReport({
    ...known,
    ...{ version: product.version, productRoot: product.productRoot },
    ...sourcesOf(settings),
    modelPath: product.modelPath,
    now: new Date(),
    runDoctor: () => product.runDoctor(known),
    readStats: () => readStats().stats,
    engine: () => product.engine.state,
  });
  return outcomeOf(made, zip, flags);
}

/** Puts a page that the user has looked over into a zip file, beside the ends of the logs. */
async function pack(flags: ReportFlags, page: string): Promise<CommandOutcome> {
  const facts = await readFacts(flags.facts);
  const zip = zipOf(flags);
  if (zip === undefined) throw new UsageError("--page is for --zip.");
  const { settings } = parseSettings(facts?.settings);
  const read = await readText(page, mostPageBytes);
  if (read.kind !== "text") throw unsupported(page, read.kind);
  return outcomeOf(reportOf(read.text, sourcesOf(settings)), zip, flags);
}

/** Where the zip file goes, if one is wanted; whether it may is said before the work begins. */
function zipOf({ zip, force }: ReportFlags): string | undefined {
  if (zip === undefined) return undefined;
  const path = resolve(zip);
  if (force !== true && existsSync(path)) {
    throw new CodedError("VALIDATION_ERROR", `${path} is there already; --force replaces it.`);
  }
  return path;
}

function sourcesOf(settings: Settings) {
  const { secrets = [], ...privateFacts } = readPrivateFacts();
  const keys = settings["remote.endpoints"].map(({ keyVariable = "" }) => process.env[keyVariable]);
  return {
    logFolder: join(locateHome(), "logs"),
    privateFacts: { ...privateFacts, secrets: [...secrets, ...keys.filter(isText)] },
  };
}

function outcomeOf(made: Report, zip: string | undefined, { force }: ReportFlags): CommandOutcome {
  if (zip !== undefined) saveZip(zip, made, { force: force === true });
  const { markdown, redactions } = made;
  const record = reportRecordSchema.parse({ markdown, redactions, ...(zip && { zip }) });
  const notes = zip === undefined ? [] : [`Saved in ${zip}.`];
  return { record, text: markdown.trimEnd(), notes, exitCode: exitCodes.done };
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
