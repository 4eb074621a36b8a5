import type { WeighParams } from "../../protocol/host.ts";
import type { LineRange } from "../types.ts";

/** How much of the model's time a chunk may take. */
export type Budget = Pick<
  WeighParams,
  "most" | "mostPerSite" | "leastFirst" | "giveUp" | "horizon"
>;

const BASE = 6;
const PER_LINE = 2;

/** What a chunk may cost: linear in the number of lines that are reviewed. */
export function budgetOf(lines: readonly LineRange[]): Budget {
  const count = lines.reduce((sum, { start, end }) => sum + end - start, 0);
  return {
    most: BASE + PER_LINE * count,
    mostPerSite: 3,
    leastFirst: -2,
    giveUp: -3,
    horizon: 120,
  };
}
