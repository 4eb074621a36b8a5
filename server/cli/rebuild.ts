import { join } from "node:path";
import type { Product } from "../compose/compose.ts";
import { createHostProcesses } from "../engine/local/hostProcess.ts";
import { parseSettings } from "../protocol/parseSettings.ts";
import { rebuild } from "../repair/rebuild.ts";
import { locateHome } from "../state/home.ts";
import type { CommandLine, Flags, Register } from "./commandLine.ts";
import { engineSettingsOf } from "./engineFlags.ts";
import { modelReady } from "./modelReady.ts";
import type { CommandOutcome } from "./outcome.ts";
import { addFactsOption, readFacts, type FactsFlags } from "./readFacts.ts";
import { repairOutcome } from "./repairOutcome.ts";
import { toSeconds } from "./toSeconds.ts";
import { trySuggestion } from "./trySuggestion.ts";

interface RebuildFlags extends Flags, FactsFlags {
  readonly offline?: boolean;
  readonly all?: boolean;
  readonly limit: number;
}

/** `starcoder rebuild`: native library, model files, caches and a suggestion, step by step. */
export const registerRebuild: Register = (program, cli) => {
  const command = cli
    .add(program, "rebuild", "install the native library anew, verify models, clear caches")
    .option("--offline", "install nothing")
    .option("--all", "forget what was reviewed, too")
    .option("--limit <SECONDS>", "how long fetching the library may take", toSeconds, 900);
  addFactsOption(command).action((flags: RebuildFlags) =>
    cli.run(flags, (product) => run(product, flags, cli)),
  );
};

async function run(
  product: Product,
  flags: RebuildFlags,
  cli: CommandLine,
): Promise<CommandOutcome> {
  const facts = await readFacts(flags.facts);
  if (facts !== undefined) {
    const { settings } = parseSettings(facts.settings);
    product.apply({ ...settings, ...engineSettingsOf(flags) });
  }
  const signal = cli.untilInterrupted();
  const { productRoot, clock } = product;
  const record = await rebuild({
    homePath: locateHome(),
    productRoot,
    bundledModelPath: join(productRoot, "media", "models", "starcoder-tiny.gguf"),
    modelPath: product.modelPath,
    processes: createHostProcesses(join(productRoot, "dist", "host.mjs")),
    clock,
    note: (line) => cli.terminal.error(line),
    signal,
    offline: flags.offline === true,
    all: flags.all === true,
    fetchLimitMs: flags.limit * 1000,
    trySuggestion: () => tryCompletion(product, signal),
  });
  return repairOutcome(record, signal);
}

async function tryCompletion(product: Product, signal: AbortSignal): Promise<string> {
  const startedAt = product.clock.now();
  const { backend } = await modelReady(product, signal);
  const readyAt = product.clock.now();
  const suggested = await trySuggestion(product, signal);
  const text = suggested === "" ? "nothing" : JSON.stringify(suggested);
  const loadMs = Math.round(readyAt - startedAt);
  const askMs = Math.round(product.clock.now() - readyAt);
  return `Suggested ${text} on ${backend.used}: ready in ${loadMs} ms, suggestion in ${askMs} ms.`;
}
