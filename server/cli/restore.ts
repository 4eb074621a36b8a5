import { resolve } from "node:path";
import { backupRecordSchema, type BackupRecord } from "../protocol/repair.ts";
import { titlesOf } from "../repair/keptFiles.ts";
import { restoreBackup } from "../repair/restore.ts";
import { locateHome } from "../state/home.ts";
import type { Flags, Register } from "./commandLine.ts";
import { exitCodes, type CommandOutcome } from "./outcome.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";

/** `starcoder restore FILE`: all of a backup or nothing; the present state is saved first. */
export const registerRestore: Register = (program, cli) => {
  const command = cli
    .add(program, "restore", "restore what backup saved, after saving what is there now")
    .argument("<FILE>", "the zip file");
  addFactsOption(command).action((file: string, flags: Flags & FactsFlags) =>
    cli.runPlain(flags, async () => {
      // From here on Ctrl-C waits: the change is all or nothing, and short.
      cli.untilInterrupted();
      const facts = await readFacts(flags.facts);
      const record = await restoreBackup({
        homePath: locateHome(),
        path: resolve(file),
        now: new Date(),
        ...(facts === undefined ? {} : { settings: facts.settings }),
      });
      return outcomeOf(backupRecordSchema.parse(record), facts === undefined);
    }),
  );
};

function outcomeOf(record: BackupRecord, noEditor: boolean): CommandOutcome {
  const { leftOut = [] } = record;
  const restored = titlesOf(
    record.manifest.files.filter(({ name }) => !leftOut.some((left) => left.name === name)),
  ).map(({ title }) => title);
  const inHome = restored.filter((title) => !noEditor || title !== "settings");
  const settings = Object.entries(record.settings ?? {}).map(
    ([key, value]) => `  "starcoder.${key}": ${JSON.stringify(value)}`,
  );
  return {
    record,
    text: [
      `Restored from ${record.path}: ${inHome.length > 0 ? inHome.join(", ") : "nothing"}.`,
      ...leftOut.map(({ name, reason }) => {
        const [{ title } = { title: name }] = titlesOf([{ name }]);
        return `Not restored: ${title}, since ${reason}.`;
      }),
      `What was there before is saved in ${record.previous ?? ""}.`,
      ...(noEditor && settings.length > 0
        ? ["Settings are kept by the editor; its command Restore writes these:", ...settings]
        : []),
    ].join("\n"),
    exitCode: exitCodes.done,
  };
}
