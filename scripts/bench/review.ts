/**
 * What a review costs: `npm run bench:review`. The bundled model, and the one that
 * `STARCODER_BENCH_MODEL` names. `-- --only function|growth|typing` leaves the rest out.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { machineLine, modelLine } from "./machine.ts";
import { benchModelPath, bundledModelPath } from "./models.ts";
import { measureGrowth } from "./review/growth.ts";
import { measureOneFunction } from "./review/oneFunction.ts";
import { startProduct } from "./review/startProduct.ts";
import { measureWhileTyping } from "./review/whileTyping.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    model: { type: "string" },
    rounds: { type: "string", default: "5" },
    keys: { type: "string", default: "60" },
  },
});
const print = (line: string): void => {
  console.log(line);
};

async function measure(modelPath: string): Promise<void> {
  const running = await startProduct(modelPath);
  const { product, model, backend } = running;
  const parts: Readonly<Record<string, () => Promise<void>>> = {
    function: () => measureOneFunction(product, Number(values.rounds), print),
    growth: () => measureGrowth(product, print),
    typing: () => measureWhileTyping(product, Number(values.keys), print),
  };
  try {
    print(`\n${modelLine(model, backend)}`);
    for (const [name, part] of Object.entries(parts)) {
      if (values.only !== undefined && values.only !== name) continue;
      print(`${name}:`);
      await part();
    }
  } finally {
    await running.stop();
  }
}

print(machineLine());
if (values.model !== undefined) await measure(resolve(values.model));
else {
  await measure(bundledModelPath);
  const larger = benchModelPath();
  if (larger !== undefined) await measure(larger);
  else print("\nSTARCODER_BENCH_MODEL is not set: the bundled model alone.");
}
