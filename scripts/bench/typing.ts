/**
 * The typing replay: `npx tsx scripts/bench/typing.ts [--llama-server PATH] [--keys N]
 * [--only product] [--tokens N] [--model PATH] [--verbose]`, on the bundled model and on `STARCODER_BENCH_MODEL`. The sides take turns at each key, each with a host
 * of its own, so that whatever else the machine does weighs on all of them.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { startEngine } from "../eval/startEngine.ts";
import { machineLine, modelLine } from "./machine.ts";
import { benchModelPath, bundledModelPath } from "./models.ts";
import { percentile } from "./percentile.ts";
import { startLlamaServer } from "./typing/llamaServer.ts";
import { createPlainTypist } from "./typing/plain.ts";
import {
  createProductTypist,
  usualTokensPerKey,
  type KeyCost,
  type Typist,
} from "./typing/product.ts";
import { replayKeys, type Keystroke } from "./typing/replay.ts";

interface Side {
  readonly name: string;
  readonly type: Typist;
  readonly costs: KeyCost[];
}

const { values } = parseArgs({
  options: {
    "llama-server": { type: "string" },
    keys: { type: "string" },
    only: { type: "string" },
    tokens: { type: "string" },
    model: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

const tokensPerKey = Number(values.tokens ?? usualTokensPerKey);

async function measure(modelPath: string): Promise<void> {
  const plainEngine = await startEngine(modelPath, 0);
  const productEngine = await startEngine(modelPath, 0);
  const program = values["llama-server"];
  const llamaServer =
    program === undefined ? undefined : await startLlamaServer(program, modelPath, tokensPerKey);
  try {
    const { model, backend } = productEngine.ready;
    console.log(`\n${modelLine(model, backend.used)}`);
    const plain = side("plain PSM", createPlainTypist(plainEngine.engine, model, tokensPerKey));
    const product = side("product", createProductTypist(productEngine.engine, tokensPerKey));
    const sides = [plain, product];
    if (llamaServer !== undefined) sides.push(side("llama-server", llamaServer.type));
    const taking = sides.filter(({ name }) => values.only === undefined || values.only === name);
    const keys = replayKeys().slice(0, Number(values.keys ?? Infinity));
    for (const [index, key] of keys.entries()) {
      for (const each of taking) each.costs.push(await each.type(key));
      if (values.verbose) console.log(describeKey(index, key, taking));
    }
    console.log(`${keys.length} keys, ${tokensPerKey} tokens each, greedy, suggestion cache off`);
    for (const each of taking) report(each, plain);
  } finally {
    llamaServer?.stop();
    await productEngine.stop();
    await plainEngine.stop();
  }
}

function side(name: string, type: Typist): Side {
  return { name, type, costs: [] };
}

function report({ name, costs }: Side, plain: Side): void {
  const evaluated = costs.map((cost) => cost.evaluatedTokens);
  const mean = evaluated.reduce((sum, count) => sum + count, 0) / evaluated.length;
  const time = (side: readonly KeyCost[], fraction: number) =>
    percentile(
      side.map((cost) => cost.ms),
      fraction,
    );
  const [p50, p95] = [time(costs, 0.5), time(costs, 0.95)];
  const ratio = (value: number, fraction: number) =>
    (value / time(plain.costs, fraction)).toFixed(2);
  console.log(
    [
      `${name.padEnd(12)} prompt tokens evaluated per key: median ${percentile(evaluated, 0.5)}, mean ${mean.toFixed(1)}`,
      `time per key: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
      plain.costs.length === 0
        ? "plain PSM was left out"
        : `of plain PSM: p50 ${ratio(p50, 0.5)}, p95 ${ratio(p95, 0.95)}`,
    ].join("; "),
  );
}

function describeKey(index: number, key: Keystroke, sides: readonly Side[]): string {
  const costs = sides.map(({ name, costs: all }) => {
    const cost = all.at(-1);
    if (cost === undefined) return name;
    return `${name} ${cost.evaluatedTokens}/${cost.promptTokens} tokens ${cost.ms.toFixed(0)} ms`;
  });
  return `${String(index).padStart(4)} ${key.kind.padEnd(9)} ${costs.join(", ")}`;
}

console.log(machineLine());
if (values.model !== undefined) await measure(resolve(values.model));
else {
  await measure(bundledModelPath);
  const larger = benchModelPath();
  if (larger !== undefined) await measure(larger);
  else console.log("\nSTARCODER_BENCH_MODEL is not set: the bundled model alone.");
}
