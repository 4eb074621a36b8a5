import type { Product } from "../../compose/compose.ts";
import { exitCodes, type CommandOutcome } from "../outcome.ts";

/** `starcoder models list`: the models that are there, the active one first. */
export async function listModels(product: Product): Promise<CommandOutcome> {
  const record = await product.listModels();
  const lines = record.models.flatMap((model) => [
    `${model.active ? "*" : " "} ${model.name} (${model.source}${model.starter ? " starter" : ""})`,
    `    ${model.path}`,
    ...(model.error === undefined ? [] : [`    ${model.error.code}: ${model.error.message}`]),
  ]);
  return { record, text: lines.join("\n"), exitCode: exitCodes.done };
}
