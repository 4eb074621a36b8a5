import type { Product } from "../../../server/compose/compose.ts";
import { moduleOf } from "./sampleCode.ts";
import { timeReview } from "./timeReview.ts";

interface Cost {
  readonly name: string;
  readonly tokens: number;
  readonly milliseconds: number;
}

async function costOf(
  product: Product,
  name: string,
  fileLines: number,
  changed: number,
  seed: number,
): Promise<Cost> {
  const text = moduleOf(fileLines, seed);
  const start = Math.floor(fileLines / 2 / 11) * 11;
  const timed = await timeReview(product, text, { start, end: start + changed });
  const { result, milliseconds = NaN } = timed ?? {};
  return { name, tokens: result?.tokensUsed ?? NaN, milliseconds };
}

function printCosts(costs: readonly Cost[], print: (line: string) => void): void {
  const [first] = costs;
  for (const { name, tokens, milliseconds } of costs) {
    const ratio = (tokens / (first?.tokens ?? NaN)).toFixed(2);
    const time = (milliseconds / (first?.milliseconds ?? NaN)).toFixed(2);
    print(
      `  ${name}: ${tokens} tokens, ${(milliseconds / 1000).toFixed(2)} s (tokens ×${ratio}, time ×${time})`,
    );
  }
}

/** Cost against changed lines and against the file's size. */
export async function measureGrowth(
  product: Product,
  print: (line: string) => void,
): Promise<void> {
  const byChange: Cost[] = [];
  let seed = 1;
  for (const changed of [10, 20, 40, 80]) {
    byChange.push(await costOf(product, `${changed} changed of 1,000`, 1000, changed, ++seed));
  }
  printCosts(byChange, print);
  const bySize: Cost[] = [];
  for (const lines of [100, 1000, 10_000]) {
    const name = `20 changed of ${lines.toLocaleString("en")}`;
    bySize.push(await costOf(product, name, lines, 20, ++seed));
  }
  printCosts(bySize, print);
}
