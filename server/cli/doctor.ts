import type { Product } from "../compose/compose.ts";
import { parseSettings } from "../protocol/parseSettings.ts";
import type { Flags, Register } from "./commandLine.ts";
import { describeDoctor } from "./describeDoctor.ts";
import { engineSettingsOf } from "./engineFlags.ts";
import { exitCodes, type CommandOutcome } from "./outcome.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";

interface DoctorFlags extends Flags, FactsFlags {
  readonly full?: boolean;
}

/** `starcoder doctor`: what the product needs from this machine, checked. */
export const registerDoctor: Register = (program, commandLine) => {
  addFactsOption(
    commandLine
      .add(program, "doctor", "check all that a suggestion needs, and say what to do")
      .option("--full", "also hash the model file and try a review"),
  ).action((flags: DoctorFlags) => commandLine.run(flags, (product) => doctor(product, flags)));
};

async function doctor(product: Product, flags: DoctorFlags): Promise<CommandOutcome> {
  const facts = await readFacts(flags.facts);
  if (facts !== undefined) {
    // The editor's settings decide what is examined, save for an engine named on the command line.
    const { settings } = parseSettings(facts.settings);
    product.apply({ ...settings, ...engineSettingsOf(flags) });
  }
  const full = flags.full === true;
  const record = await product.runDoctor({ full, ...(facts === undefined ? {} : { facts }) });
  const exitCode = record.ok ? exitCodes.done : exitCodes.findings;
  return { record, text: describeDoctor(record), exitCode };
}
