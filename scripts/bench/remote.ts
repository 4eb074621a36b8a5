/**
 * The remote engine on a real llama-server, above a bare HTTP client that sends the same requests:
 * `npm run bench:remote [-- --llama-server PATH --keys N --model PATH]`, on the bundled model and on
 * `STARCODER_BENCH_MODEL`. The program is also found by `STARCODER_LLAMA_SERVER`.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Agent, request } from "undici";
import { systemClock } from "../../server/engine/clock.ts";
import type { Engine, GenerateRequest } from "../../server/engine/engine.ts";
import { createRemoteEngine } from "../../server/engine/remote/remoteEngine.ts";
import { startWhenReady } from "../../server/engine/whenReady.ts";
import { machineLine, modelLine } from "./machine.ts";
import { benchModelPath, bundledModelPath } from "./models.ts";
import { percentile } from "./percentile.ts";
import { launchLlamaServer } from "./typing/llamaServer.ts";
import { createProductTypist, usualTokensPerKey } from "./typing/product.ts";
import { replayKeys } from "./typing/replay.ts";

/** The most that p50 of a key may lie above the bare client's, in milliseconds. */
const barMs = 10;
/** The most prompt tokens that are evaluated for a key, in the median. */
const barTokens = 4;

const { values } = parseArgs({
  options: {
    "llama-server": { type: "string" },
    keys: { type: "string" },
    model: { type: "string" },
  },
});

/** Remembers the last completion that went through it. */
function recordingDispatcher() {
  let body = "";
  const dispatcher = new Agent().compose((dispatch) => (options, handler) => {
    if (options.path === "/completion" && typeof options.body === "string") body = options.body;
    return dispatch(options, handler);
  });
  return { dispatcher, last: () => JSON.parse(body) as { n_predict: number } };
}

async function measure(program: string, modelPath: string): Promise<boolean> {
  const server = await launchLlamaServer(program, modelPath, ["--ctx-size", "0", "-np", "2"]);
  const { dispatcher, last } = recordingDispatcher();
  const bare = new Agent();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const engine = createRemoteEngine({
    endpoint: { url: server.address, name: "llama-server" },
    dispatcher,
    clock: systemClock,
    random: Math.random,
    log: silent,
    timeoutMs: () => 60_000,
  });
  try {
    const wait = { clock: systemClock, atMostMs: 60_000 };
    const readiness = await startWhenReady(engine, "explicit", wait);
    if (readiness.kind !== "ready") throw new Error(`The engine is ${readiness.kind}.`);
    console.log(`\n${modelLine(readiness.state.model, "llama-server")}`);
    let asked: GenerateRequest | undefined;
    const recording: Engine = {
      ...engine,
      state: readiness.state,
      generate(given, ...rest) {
        asked = given;
        return engine.generate(given, ...rest);
      },
    };
    const typist = createProductTypist(recording, usualTokensPerKey);
    const evaluated: number[] = [];
    const times = { engine: [] as number[], bare: [] as number[] };
    const keys = replayKeys().slice(0, Number(values.keys ?? Infinity));
    for (const [index, key] of keys.entries()) {
      evaluated.push((await typist(key)).evaluatedTokens);
      if (asked === undefined) continue;
      const generated = await engine.generate(asked, () => undefined, new AbortController().signal);
      if (generated.kind !== "done") throw new Error(`A request is ${generated.kind}.`);
      // As many tokens as the engine read before it had enough.
      const body = { ...last(), n_predict: generated.value.usage.generatedTokens };
      const wanted = asked;
      const sides = [
        async () => times.engine.push(await timeEngine(engine, wanted)),
        async () => times.bare.push(await timeBare(bare, server.address, body)),
      ];
      for (const side of index % 2 === 0 ? sides : sides.reverse()) await side();
    }
    return report(evaluated, times);
  } finally {
    engine.dispose();
    await Promise.all([dispatcher.destroy(), bare.destroy()]);
    server.stop();
  }
}

async function timeEngine(engine: Engine, wanted: GenerateRequest): Promise<number> {
  const startedAt = performance.now();
  await engine.generate(wanted, () => undefined, new AbortController().signal);
  return performance.now() - startedAt;
}

async function timeBare(dispatcher: Agent, address: string, body: object): Promise<number> {
  const startedAt = performance.now();
  const answer = await request(`${address}/completion`, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  await answer.body.text();
  return performance.now() - startedAt;
}

function report(
  evaluated: readonly number[],
  times: { readonly engine: number[]; readonly bare: number[] },
): boolean {
  const differences = times.engine.map((ms, at) => ms - (times.bare[at] ?? NaN));
  const above = percentile(differences, 0.5);
  const tokens = percentile(evaluated, 0.5);
  const [ours, theirs] = [percentile(times.engine, 0.5), percentile(times.bare, 0.5)];
  console.log(`${evaluated.length} keys, ${usualTokensPerKey} tokens each, greedy`);
  console.log(
    `time per key: engine p50 ${ours.toFixed(1)} ms, bare client ${theirs.toFixed(1)} ms; difference p50 ${above.toFixed(2)} ms (bar ${barMs}), p95 ${percentile(differences, 0.95).toFixed(2)} ms`,
  );
  console.log(`prompt tokens evaluated per key: median ${tokens} (bar ${barTokens})`);
  return above <= barMs && tokens <= barTokens;
}

const program = values["llama-server"] ?? process.env["STARCODER_LLAMA_SERVER"];
if (program === undefined) {
  console.error("Name a llama-server: --llama-server PATH or STARCODER_LLAMA_SERVER.");
  process.exitCode = 2;
} else {
  console.log(machineLine());
  const larger = benchModelPath();
  const models =
    values.model === undefined
      ? [bundledModelPath, ...(larger === undefined ? [] : [larger])]
      : [resolve(values.model)];
  for (const model of models) if (!(await measure(resolve(program), model))) process.exitCode = 1;
}
