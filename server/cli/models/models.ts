import type { Flags, Register } from "../commandLine.ts";
import { listModels } from "./list.ts";

/** `starcoder models …`: what there is, what can be had, and which one is used. */
export const registerModels: Register = (program, cli) => {
  const models = program.command("models").description("the models on this machine");
  cli
    .add(models, "list", "the models that are there")
    .action((flags: Flags) => cli.run(flags, listModels));
};
