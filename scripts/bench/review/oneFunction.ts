import type { Product } from "../../../server/compose/compose.ts";
import { percentile } from "../percentile.ts";
import { faultyFunction } from "./sampleCode.ts";
import { timeReview } from "./timeReview.ts";

/** Thirty changed lines in one function: until the first finding and until the end. */
export async function measureOneFunction(
  product: Product,
  rounds: number,
  print: (line: string) => void,
): Promise<void> {
  const ends: number[] = [];
  const firsts: number[] = [];
  let tokens = 0;
  let lines = 0;
  for (let round = 0; round < rounds; round += 1) {
    const timed = await timeReview(product, faultyFunction(round), { start: 0, end: 30 });
    if (timed === undefined) continue;
    ends.push(timed.milliseconds);
    if (timed.firstMilliseconds !== undefined) firsts.push(timed.firstMilliseconds);
    tokens += timed.result.tokensUsed;
    lines += timed.result.reviewedLines;
  }
  const seconds = (values: readonly number[]): string =>
    `median ${(percentile(values, 0.5) / 1000).toFixed(2)} s, worst ${(Math.max(...values) / 1000).toFixed(2)} s`;
  print(`  30 lines of one function, ${rounds} times: ${seconds(ends)}`);
  print(
    firsts.length === 0
      ? "  no finding was drawn"
      : `  first finding (${firsts.length} of ${rounds}): ${seconds(firsts)}`,
  );
  print(`  ${(tokens / lines).toFixed(1)} tokens evaluated a reviewed line`);
}
