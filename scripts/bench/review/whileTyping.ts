import { setTimeout as delay } from "node:timers/promises";
import type { Product } from "../../../server/compose/compose.ts";
import { describeMilliseconds, percentile } from "../percentile.ts";
import { replayKeys, type Keystroke } from "../typing/replay.ts";
import { moduleOf } from "./sampleCode.ts";
import { timeReview } from "./timeReview.ts";

const keyEveryMs = 120;
const linesUnderReview = 66;

/** Types keys at a person's pace; a key waits for the answer to the one before. */
async function typeKeys(
  { completer }: Product,
  keys: readonly Keystroke[],
  uri: string,
): Promise<number[]> {
  const times: number[] = [];
  for (const [index, { text, offset }] of keys.entries()) {
    const document = { uri, path: "bench.ts", languageId: "typescript", version: index + 1, text };
    const start = performance.now();
    const requestId = `${uri} ${index}`;
    const result = await completer.complete(
      { document, offset, trigger: "automatic", requestId },
      new AbortController().signal,
    );
    if (result.kind === "failed") throw result.error;
    const took = performance.now() - start;
    times.push(took);
    await delay(Math.max(0, keyEveryMs - took));
  }
  return times;
}

/** Latency of suggestions with and without a review that runs all the while, in turns. */
export async function measureWhileTyping(
  product: Product,
  keysEach: number,
  print: (line: string) => void,
): Promise<void> {
  const keys = replayKeys().slice(0, keysEach);
  // What the first keys load and warm up belongs to neither side.
  await typeKeys(product, keys.slice(0, 10), "file:///bench/warm.ts");
  const without: number[] = [];
  const during: number[] = [];
  let reviewed = 0;
  for (let round = 0; round < 2; round += 1) {
    without.push(...(await typeKeys(product, keys, `file:///bench/without${round}.ts`)));
    const enough = new AbortController();
    const reviewing = (async () => {
      for (let seed = 500 + round * 100; !enough.signal.aborted; seed += 1) {
        const text = moduleOf(linesUnderReview, seed);
        const range = { start: 0, end: linesUnderReview };
        const timed = await timeReview(product, text, range, enough.signal);
        reviewed += timed?.result.reviewedLines ?? 0;
      }
    })();
    during.push(...(await typeKeys(product, keys, `file:///bench/during${round}.ts`)));
    enough.abort();
    await reviewing;
  }
  const ratio = (fraction: number): string =>
    (percentile(during, fraction) / percentile(without, fraction)).toFixed(2);
  print(`  ${without.length} keys every ${keyEveryMs} ms`);
  print(`  without a review: ${describeMilliseconds(without)}`);
  print(`  while one runs:   ${describeMilliseconds(during)} (${reviewed} lines got done)`);
  print(`  ratio p50 ${ratio(0.5)}, p95 ${ratio(0.95)} (bar: p95 at most 1.3)`);
}
