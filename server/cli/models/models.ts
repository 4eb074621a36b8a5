import type { Command } from "commander";
import type { CommandLine, Register } from "../commandLine.ts";
import { addFactsOption } from "../readFacts.ts";
import { addCommand } from "./add.ts";
import { controlCommand } from "./control.ts";
import { downloadCommand, resumeCommand, type DownloadFlags } from "./download.ts";
import type { FetchFlags } from "./fetchModel.ts";
import { listCommand, type ListFlags } from "./list.ts";
import type { ModelFlags } from "./place.ts";
import { removeCommand } from "./remove.ts";
import { showCommand } from "./show.ts";
import { useCommand } from "./use.ts";
import { verifyCommand } from "./verify.ts";

/** `starcoder models …`: what there is, what can be had, and which one is used. */
export const registerModels: Register = (program, cli) => {
  const models = program.command("models").description("the models on this machine");
  const add = (usage: string, description: string): Command =>
    addFactsOption(cli.add(models, usage, description));
  const surroundings = () => ({
    note: (line: string) => cli.terminal.error(line),
    signal: cli.untilInterrupted(),
  });

  add("list", "the models that are there")
    .option("--all", "also those that can be had, and how they would run here")
    .option("--catalogue", "only those that can be had")
    .action((flags: ListFlags) => cli.run(flags, (product) => listCommand(product, flags)));
  add("show <ID>", "what is known of a model, its licence, and how it would run here").action(
    (id: string, flags: ModelFlags) => cli.run(flags, (product) => showCommand(product, id, flags)),
  );
  add(
    "add <REFERENCE>",
    "a file, an https address, or OWNER/NAME[:QUANTIZATION] of the hub",
  ).action((reference: string, flags: ModelFlags) =>
    cli.run(flags, (product) => addCommand(product, reference, flags)),
  );
  add("download <ID>", "a model of the catalogue, or what can be added; then tries and uses it")
    .option("--quantization <NAME>", "such as Q4_K_M; without, the one recommended")
    .option("--accept-licence", "agree to the terms of its licence")
    .option("--force", "though it cannot fill in the middle, or does not fit this machine")
    .option("--no-use", "only download it")
    .action((id: string, flags: DownloadFlags) =>
      cli.run(flags, (product) => downloadCommand(product, id, flags, surroundings())),
    );
  add("use <ID>", "try a model, by id or path, and use it in all windows").action(
    (reference: string, flags: ModelFlags) =>
      cli.run(flags, (product) => useCommand(product, reference, flags, surroundings())),
  );
  add("remove <ID>", "delete a downloaded model, or take an added one off the list").action(
    (id: string, flags: ModelFlags) =>
      cli.run(flags, (product) => removeCommand(product, id, flags)),
  );
  add("verify [ID]", "compare every byte with what was downloaded").action(
    (id: string | undefined, flags: ModelFlags) =>
      cli.run(flags, (product) => verifyCommand(product, id, flags, surroundings())),
  );
  addControls(add, cli, surroundings);
};

function addControls(
  add: (usage: string, description: string) => Command,
  cli: CommandLine,
  surroundings: () => { note: (line: string) => void; signal: AbortSignal },
): void {
  add("pause <ID>", "stop a download, whoever runs it; what is there is kept").action(
    (id: string, flags: ModelFlags) =>
      cli.run(flags, (product) => controlCommand(product, "pause", id, flags)),
  );
  add("resume <ID>", "go on with a download")
    .option("--no-use", "only download it")
    .action((id: string, flags: FetchFlags) =>
      cli.run(flags, (product) => resumeCommand(product, id, flags, surroundings())),
    );
  add("cancel <ID>", "give a download up, and delete what is there of it").action(
    (id: string, flags: ModelFlags) =>
      cli.run(flags, (product) => controlCommand(product, "cancel", id, flags)),
  );
}
