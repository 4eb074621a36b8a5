import type { Product } from "../compose/compose.ts";
import { exitCodes, type CommandOutcome } from "./outcome.ts";

const marks = {
  ok: "ok",
  warning: "warning",
  failed: "FAILED",
  timeout: "TIMEOUT",
  skipped: "skipped",
} as const;

/** `starcoder doctor`: what the product needs from this machine, checked. */
export async function doctor(product: Product): Promise<CommandOutcome> {
  const record = await product.runDoctor();
  const lines = record.checks.flatMap(({ status, title, message, code, remedy }) => [
    `${marks[status].padEnd(8)} ${title}: ${message}${code === undefined ? "" : ` [${code}]`}`,
    ...(status === "ok" || remedy === undefined ? [] : [`${" ".repeat(9)}${remedy}`]),
  ]);
  const exitCode = record.ok ? exitCodes.done : exitCodes.findings;
  return { record, text: lines.join("\n"), exitCode };
}
