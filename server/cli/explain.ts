import { explainSchema } from "../protocol/explain.ts";
import type { Product } from "../compose/compose.ts";
import type { ExplainTarget } from "../completion/explain/explainer.ts";
import type { Flags, Register } from "./commandLine.ts";
import { describeExplain } from "./describeExplain.ts";
import { modelReady } from "./modelReady.ts";
import { exitCodes, Interrupted, UsageError, type CommandOutcome } from "./outcome.ts";
import { readTarget } from "./target.ts";

interface ExplainFlags extends Flags {
  readonly trigger?: string;
}

/** `starcoder explain FILE:LINE:COL`. */
export const registerExplain: Register = (program, commandLine) => {
  commandLine
    .add(program, "explain", "why there is no suggestion at a place, step by step, or which")
    .argument("<FILE:LINE:COL>", "the place; line and column count from 1")
    .option("--trigger <HOW>", "automatic, as a key asks, or invoked, by hand", "automatic")
    .action((place: string, flags: ExplainFlags) =>
      commandLine.run(flags, async (product) => {
        const target = await readTarget(place, triggerOf(flags.trigger));
        return explain(product, target, commandLine.untilInterrupted());
      }),
    );
};

function triggerOf(trigger = "automatic"): ExplainTarget["trigger"] {
  if (trigger === "automatic" || trigger === "invoked") return trigger;
  throw new UsageError("--trigger is automatic or invoked.");
}

/** Explains with the model loaded, or, where it cannot be, says that. */
export async function explain(
  product: Pick<Product, "explainer" | "engine" | "clock">,
  target: ExplainTarget,
  signal: AbortSignal,
): Promise<CommandOutcome> {
  if (target.withoutText === undefined) {
    await modelReady(product, signal).catch((thrown: unknown) => {
      if (thrown instanceof Interrupted) throw thrown;
      // The explanation says what became of the model.
    });
  }
  const record = explainSchema.parse(await product.explainer.explain(target, signal));
  if (signal.aborted) throw new Interrupted();
  const { error } = record;
  return {
    record,
    text: describeExplain(record),
    ...(error === undefined ? {} : { notes: [`${error.code}: ${error.message}\n${error.remedy}`] }),
    exitCode: error === undefined ? exitCodes.done : exitCodes.failed,
  };
}
