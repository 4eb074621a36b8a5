import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { findProductRoot } from "../compose/productRoot.ts";
import { createHostProcesses } from "../engine/local/hostProcess.ts";
import { formatFiles } from "../protocol/figures.ts";
import { resetRecordSchema, type ResetRecord } from "../protocol/repair.ts";
import { reset } from "../repair/reset.ts";
import { planReset, type ResetChoice } from "../repair/resetPlan.ts";
import { locateHome } from "../state/home.ts";
import type { Flags, Register } from "./commandLine.ts";
import { exitCodes, Interrupted, type CommandOutcome } from "./outcome.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";

interface ResetFlags extends Flags, FactsFlags {
  readonly yes?: boolean;
  readonly plan?: boolean;
  readonly backups?: boolean;
  readonly models?: boolean;
}

/** `starcoder reset`: names what it deletes, asks, saves what can be restored, and deletes. */
export const registerReset: Register = (program, cli) => {
  const command = cli
    .add(program, "reset", "delete what StarCoder Local has written; models stay")
    .option("--yes", "do not ask")
    .option("--plan", "only say what would be deleted")
    .option("--backups", "delete backups, too")
    .option("--models", "delete downloaded models, too");
  addFactsOption(command).action((flags: ResetFlags) =>
    cli.runPlain(flags, async () => {
      const facts = await readFacts(flags.facts);
      const homePath = locateHome();
      const choice = { backups: flags.backups === true, models: flags.models === true };
      const { items, left } = planReset(homePath, choice);
      const plan: ResetRecord = resetRecordSchema.parse({ home: homePath, items, done: false });
      if (flags.plan === true)
        return { record: plan, text: textOf(plan, left, choice), exitCode: 0 };
      if (flags.yes !== true && items.length > 0) {
        if (flags.json === true || !process.stdin.isTTY)
          return unasked(plan, textOf(plan, left, choice));
        cli.terminal.error(textOf(plan, left, choice));
        if (!(await agrees(cli.untilInterrupted()))) throw new Interrupted();
      }
      // From here on Ctrl-C waits: a reset by half helps nobody.
      cli.untilInterrupted();
      const record = await reset({
        ...choice,
        homePath,
        processes: createHostProcesses(join(findProductRoot(), "dist", "host.mjs")),
        now: new Date(),
        note: (line) => cli.terminal.error(line),
        ...(facts === undefined ? {} : { settings: facts.settings }),
      });
      return { record: resetRecordSchema.parse(record), text: doneText(record), exitCode: 0 };
    }),
  );
};

function unasked(plan: ResetRecord, text: string): CommandOutcome {
  return {
    record: plan,
    text,
    notes: ["Nothing was deleted. Say --yes to delete this."],
    exitCode: exitCodes.usage,
  };
}

async function agrees(signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question("Delete this? [y/N] ", { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}

function textOf(
  { home, items }: ResetRecord,
  left: readonly string[],
  { models, backups }: ResetChoice,
): string {
  if (items.length === 0) return `There is nothing to delete in ${home}.`;
  const lines = items.map(
    ({ name, path, files, bytes }) => `  ${name}: ${formatFiles(files, bytes)}, ${path}`,
  );
  const others = left.length === 0 ? [] : [`Left as it is: ${left.join(", ")}`];
  const kept = [
    ...(models ? [] : ["Downloaded models stay: --models deletes them, too."]),
    ...(backups ? [] : ["Backups stay: --backups deletes them, too."]),
  ];
  return [`A reset deletes from ${home}:`, ...lines, ...kept, ...others].join("\n");
}

function doneText({ home, items, backup }: ResetRecord): string {
  if (items.length === 0) return `There was nothing to delete in ${home}.`;
  return [
    `Deleted from ${home}: ${items.map(({ name }) => name).join(", ")}.`,
    `What can be restored is saved in ${backup ?? ""}.`,
  ].join("\n");
}
