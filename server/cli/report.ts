import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Product } from "../compose/compose.ts";
import { readStats } from "../compose/composeStats.ts";
import { createReport } from "../health/report/report.ts";
import { saveZip } from "../health/report/saveZip.ts";
import { readPrivateFacts } from "../logs/privateFacts.ts";
import { CodedError } from "../protocol/errors.ts";
import { parseSettings } from "../protocol/parseSettings.ts";
import { reportRecordSchema } from "../protocol/records.ts";
import { locateHome } from "../state/home.ts";
import type { Flags, Register } from "./commandLine.ts";
import { exitCodes, type CommandOutcome } from "./outcome.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";

interface ReportFlags extends Flags, FactsFlags {
  readonly zip?: string;
  readonly force?: boolean;
}

/** `starcoder report`: a page about this machine and what went wrong, without secrets. */
export const registerReport: Register = (program, commandLine) => {
  const command = commandLine
    .add(program, "report", "a Markdown page for an issue, without secrets and source text")
    .option("--zip <FILE>", "also write page and logs to a zip file")
    .option("--force", "replace the zip file if it is there");
  addFactsOption(command).action((flags: ReportFlags) =>
    commandLine.run(flags, (product) => report(product, flags)),
  );
};

async function report(product: Product, flags: ReportFlags): Promise<CommandOutcome> {
  const facts = await readFacts(flags.facts);
  const zip = flags.zip === undefined ? undefined : resolve(flags.zip);
  const force = flags.force === true;
  // Said before the diagnosis, which takes seconds.
  if (zip !== undefined && !force && existsSync(zip)) {
    throw new CodedError("VALIDATION_ERROR", `${zip} is there already; --force replaces it.`);
  }
  const settings = parseSettings(facts?.settings).settings;
  if (facts !== undefined) {
    const model = flags.model === undefined ? {} : { "model.path": product.modelPath };
    product.apply({ ...settings, ...model });
  }
  const known = facts === undefined ? {} : { facts };
  const { secrets = [], ...privateFacts } = readPrivateFacts();
  const keys = settings["remote.endpoints"].map(({ keyVariable = "" }) => process.env[keyVariable]);
  const made = await createReport({
    ...known,
    ...{ version: product.version, productRoot: product.productRoot },
    logFolder: join(locateHome(), "logs"),
    modelPath: product.modelPath,
    now: new Date(),
    runDoctor: () => product.runDoctor(known),
    readStats: () => readStats().stats,
    engine: () => product.engine.state,
    privateFacts: { ...privateFacts, secrets: [...secrets, ...keys.filter(isText)] },
  });
  if (zip !== undefined) saveZip(zip, made, { force });
  const { markdown, redactions } = made;
  const record = reportRecordSchema.parse({ markdown, redactions, ...(zip && { zip }) });
  const notes = zip === undefined ? [] : [`Saved in ${zip}.`];
  return { record, text: markdown.trimEnd(), notes, exitCode: exitCodes.done };
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
