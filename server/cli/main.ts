import { Command, CommanderError } from "commander";
import { compose, type Product } from "../compose.ts";
import { settingProblemToError } from "../protocol/parseSettings.ts";
import { defaultSettings } from "../protocol/settings.ts";
import { productVersion } from "../protocol/version.ts";
import { complete } from "./complete.ts";
import { doctor } from "./doctor.ts";
import { listModels } from "./listModels.ts";
import { exitCodes, report, type CommandOutcome } from "./outcome.ts";

interface Flags {
  readonly json?: boolean;
  readonly model?: string;
}

const terminal = {
  out: (text: string) => void process.stdout.write(`${text}\n`),
  error: (text: string) => void process.stderr.write(`${text}\n`),
};

/** Runs one command with a product made for it and leaves the exit code to the process. */
async function run(flags: Flags, act: (product: Product) => Promise<CommandOutcome>) {
  const settings = { ...defaultSettings, "model.path": flags.model ?? "" };
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

function createProgram(): Command {
  const program = new Command("starcoder")
    .description("Fill-in-the-middle completion with a StarCoder model on this machine.")
    .version(productVersion)
    .exitOverride();
  const add = (parent: Command, usage: string, description: string) =>
    parent
      .command(usage)
      .description(description)
      .option("--json", "print one JSON document")
      .option("--model <path>", "GGUF model to use instead of the bundled one");
  add(program, "complete", "one suggestion at a place in a file, and what it took")
    .argument("<FILE:LINE:COL>", "the place; line and column count from 1")
    .action((place: string, flags: Flags) => run(flags, (product) => complete(product, place)));
  add(program, "doctor", "check what the product needs from this machine").action((flags: Flags) =>
    run(flags, doctor),
  );
  const models = program.command("models").description("the models on this machine");
  add(models, "list", "the models that are there").action((flags: Flags) => run(flags, listModels));
  return program;
}

try {
  await createProgram().parseAsync();
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  // Commander has printed what is wrong, or the help that was asked for.
  process.exitCode = thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
