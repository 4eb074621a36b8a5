/**
 * The host and the server by themselves: `npm run bench:server`. The bundled model, and the one
 * that `STARCODER_BENCH_MODEL` names. `-- --only host` leaves the rest out.
 */
import { parseArgs } from "node:util";
import { measureHost } from "./host.ts";
import { machineLine } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import { benchModelPath, bundledModelPath } from "./models.ts";
import { measureServerKeys } from "./serverKeys.ts";
import { measureStartUp } from "./startUp.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });
const print = (line: string): void => {
  console.log(line);
};

console.log(machineLine());
const parts: Readonly<Record<string, () => Promise<void>>> = {
  async host() {
    await measureHost(bundledModelPath, print);
    const larger = benchModelPath();
    if (larger === undefined) print("  SKIPPED the larger model: STARCODER_BENCH_MODEL is not set");
    else await measureHost(larger, print);
  },
  keys: () => measureServerKeys(print),
  start: () => measureStartUp(print),
  memory: () => measureMemory(print),
};
for (const [name, measure] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  console.log(`${name}:`);
  await measure();
}
