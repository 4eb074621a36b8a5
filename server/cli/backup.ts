import { resolve } from "node:path";
import { backupRecordSchema, type BackupRecord } from "../protocol/repair.ts";
import { backupPath, createBackup } from "../repair/backup.ts";
import { titlesOf } from "../repair/keptFiles.ts";
import { locateHome } from "../state/home.ts";
import type { Flags, Register } from "./commandLine.ts";
import { exitCodes, type CommandOutcome } from "./outcome.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";

interface BackupFlags extends Flags, FactsFlags {
  readonly force?: boolean;
}

/**
 * `starcoder backup [FILE]`: settings, dismissed findings, statistics, generated results and
 * catalogue in one file.
 */
export const registerBackup: Register = (program, cli) => {
  const command = cli
    .add(
      program,
      "backup",
      "save settings, dismissed findings, statistics and results in one zip file",
    )
    .argument("[FILE]", "where to; a new file in the home's folder backups by default")
    .option("--force", "replace a file that is there");
  addFactsOption(command).action((file: string | undefined, flags: BackupFlags) =>
    cli.runPlain(flags, async () => {
      const facts = await readFacts(flags.facts);
      const [homePath, now] = [locateHome(), new Date()];
      const backup = createBackup({
        homePath,
        path: file === undefined ? backupPath(homePath, now) : resolve(file),
        now,
        force: flags.force === true,
        ...(facts === undefined ? {} : { settings: facts.settings }),
      });
      const record: BackupRecord = backupRecordSchema.parse({
        path: backup.path,
        manifest: backup.manifest,
      });
      return outcomeOf(record, backup.leftOut, facts === undefined);
    }),
  );
};

function outcomeOf(
  record: BackupRecord,
  leftOut: readonly string[],
  noEditor: boolean,
): CommandOutcome {
  const names = titlesOf(record.manifest.files).map(({ title, files, bytes }) => {
    return `  ${title}${files > 1 ? `, ${files} files` : ""}, ${bytes} bytes`;
  });
  const what = names.length === 0 ? ["  nothing: there is nothing to save yet"] : names;
  return {
    record,
    text: [`Saved in ${record.path}:`, ...what].join("\n"),
    notes: [
      ...leftOut.map((reason) => `Left out: ${reason}`),
      ...(noEditor
        ? ["Settings are kept by the editor: its command Back Up saves them, too."]
        : []),
    ],
    exitCode: exitCodes.done,
  };
}
