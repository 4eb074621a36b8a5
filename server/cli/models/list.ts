import type { Product } from "../../compose/compose.ts";
import { modelListSchema } from "../../protocol/models.ts";
import { exitCodes, type CommandOutcome } from "../outcome.ts";
import { describeList } from "./describeList.ts";
import { openPlace, type ModelFlags } from "./place.ts";

export interface ListFlags extends ModelFlags {
  readonly all?: boolean;
  readonly catalogue?: boolean;
}

/** `starcoder models list`: what is there; with `--all` also what can be had and how it runs here. */
export async function listCommand(product: Product, flags: ListFlags): Promise<CommandOutcome> {
  await openPlace(product, flags);
  const offered = flags.all === true || flags.catalogue === true;
  const list = modelListSchema.parse(await product.listModels({ offered }));
  // The record is whole either way: programs pick what they want.
  const text = describeList(flags.catalogue === true ? { ...list, models: [] } : list);
  const { problem } = list;
  const notes = problem === undefined ? [] : [`${problem.code}: ${problem.message}`];
  return { record: list, text, notes, exitCode: exitCodes.done };
}
