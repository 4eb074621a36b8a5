/**
 * What GPUs do for suggestions: `npx tsx scripts/bench/gpu.ts [--model PATH] [--keys N]
 * [--rounds N] [--tokens N] [--lines N] [--backend NAME]…`, on the bundled model and on `STARCODER_BENCH_MODEL`. Every backend is tried;
 * one that falls back to the CPU is named with its reason, and its figures are not printed as a
 * GPU's.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Engine } from "../../server/engine/engine.ts";
import { reasonUnused } from "../../server/protocol/gpus.ts";
import type { Backend, HostHealth } from "../../server/protocol/host.ts";
import { lookForGpus } from "../../server/state/visibleGpus.ts";
import { startEngine } from "../eval/startEngine.ts";
import { machineLine, modelLine } from "./machine.ts";
import { benchModelPath, bundledModelPath } from "./models.ts";
import { describeMilliseconds, percentile } from "./percentile.ts";
import { createProductTypist, usualTokensPerKey } from "./typing/product.ts";
import { replayKeys } from "./typing/replay.ts";

const backends = ["cuda", "metal", "vulkan", "cpu"] as const;
const line = "export function add(first: number, second: number): number {\n  return first;\n}\n";

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    keys: { type: "string" },
    rounds: { type: "string", default: "5" },
    tokens: { type: "string", default: "64" },
    lines: { type: "string", default: "60" },
    backend: { type: "string", multiple: true },
  },
});

const rounds = Number(values.rounds);
const decodedTokens = Number(values.tokens);
const promptLines = Number(values.lines);

/** Whether a GPU did the work. */
async function measure(modelPath: string, backend: Backend): Promise<boolean> {
  const running = await startEngine(modelPath, 0, { backend });
  const { engine, ready } = running;
  try {
    const { used, fallbackReason } = ready.backend;
    if (used !== backend) {
      console.log(
        `  ${backend}: NOT USED, the ${used} was: ${fallbackReason ?? "no reason known"}`,
      );
      return false;
    }
    console.log(`  ${backend}: ${modelLine(ready.model, used)}`);
    // What a GPU compiles at first is no part of its speed.
    await speedOf(engine, 0);
    const speeds: Speed[] = [];
    for (let round = 1; round <= rounds; round++) speeds.push(await speedOf(engine, round));
    const median = (of: (speed: Speed) => number) => percentile(speeds.map(of), 0.5).toFixed(0);
    const health = await healthOf(engine);
    console.log(`    ${placeOf(health)}`);
    console.log(
      `    prefill ${median(({ prefill }) => prefill)}, decode ${median(({ decode }) => decode)} tokens a second (median of ${String(rounds)})`,
    );
    const type = createProductTypist(engine, usualTokensPerKey);
    const times: number[] = [];
    const keys = replayKeys().slice(0, Number(values.keys ?? Infinity));
    for (const key of keys) times.push((await type(key)).ms);
    console.log(`    typing, ${String(keys.length)} keys: ${describeMilliseconds(times)}`);
    // Drivers for testing that compute on the processor under a GPU's name.
    const inSoftware = health.gpuMemory?.devices.every((name) =>
      /llvmpipe|swiftshader/i.test(name),
    );
    if (inSoftware === true) console.log("    that device is software: no GPU");
    return used !== "cpu" && inSoftware !== true;
  } finally {
    await running.stop();
  }
}

interface Speed {
  readonly prefill: number;
  readonly decode: number;
}

/** A prompt of which nothing is in the cache, and what follows it. */
async function speedOf(engine: Engine, round: number): Promise<Speed> {
  const prompt = `// ${String(round)} ${String(process.pid)}\n${line.repeat(promptLines / 3)}`;
  const outcome = await engine.generate(
    {
      requestId: `bench-${String(round)}`,
      prompt: [{ text: prompt }],
      heal: "",
      priority: "typing",
      maxTokens: decodedTokens,
      sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
      stopTokens: [],
      stopStrings: [],
    },
    () => undefined,
    new AbortController().signal,
  );
  if (outcome.kind !== "done") throw new Error(`The host answered ${outcome.kind}.`);
  const { evaluatedTokens, prefillMs, generatedTokens, decodeMs } = outcome.value.usage;
  return {
    prefill: (1000 * evaluatedTokens) / prefillMs,
    decode: (1000 * generatedTokens) / decodeMs,
  };
}

async function healthOf(engine: Engine): Promise<HostHealth> {
  const health = await engine.health();
  if (health.kind !== "done") throw new Error(`The host's health: ${health.kind}.`);
  return health.value;
}

function placeOf({ gpuMemory, layers }: HostHealth): string {
  const device = gpuMemory?.devices.join(", ") ?? "the processor, no GPU";
  const { gpu, total } = layers ?? { gpu: 0, total: 0 };
  return `device: ${device}; ${String(gpu)} of ${String(total)} layers on it`;
}

console.log(machineLine());
const found = lookForGpus();
const names = found.gpus.map(({ name, driver }) => (driver ? name : `${name} without a driver`));
console.log(
  `GPUs that the system shows: ${names.join(", ") || "none"}; CUDA runtime ${found.cudaRuntime ? "there" : "missing"}, Vulkan loader ${found.vulkanLoader ? "there" : "missing"}`,
);
const larger = benchModelPath();
const models =
  values.model === undefined
    ? [bundledModelPath, ...(larger === undefined ? [] : [larger])]
    : [resolve(values.model)];
const used = new Set<string>();
for (const model of models) {
  console.log(`\n${model}`);
  for (const backend of backends) {
    if (values.backend !== undefined && !values.backend.includes(backend)) continue;
    if (await measure(model, backend)) used.add(backend);
  }
}
console.log(
  used.size > 0
    ? `\nA GPU did the work with ${[...used].join(", ")}.`
    : `\nNO GPU WAS USED: these figures are the processor's. ${reasonUnused(found) ?? "The system shows none."}`,
);
