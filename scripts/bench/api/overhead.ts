import { cutForHealing } from "../../../server/completion/prompt/heal.ts";
import { compose } from "../../../server/compose/compose.ts";
import type { GenerateRequest } from "../../../server/engine/engine.ts";
import { whenReady } from "../../../server/engine/whenReady.ts";
import { percentile } from "../percentile.ts";
import type { ServeProcess } from "./serveProcess.ts";

const rounds = 200;
const prompt = "function add(first, second) {\n  return first";

/** What the API adds to a call of the engine on the same host, in turns. */
export async function measureOverhead(
  home: string,
  api: ServeProcess,
  print: (line: string) => void,
): Promise<void> {
  const { engine, clock, dispose } = openEngine(home);
  try {
    engine.start("explicit");
    const ready = await whenReady(engine, { clock, atMostMs: 60_000 });
    if (ready.kind !== "ready") throw new Error(`The model is ${ready.kind}.`);
    const { kept, heal } = cutForHealing(prompt);
    const request: GenerateRequest = {
      ...{ prompt: [{ text: kept }], heal, priority: "background", maxTokens: 1 },
      sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
      ...{ stopTokens: [], stopStrings: [] },
    };
    const direct = () => engine.generate(request, () => undefined, new AbortController().signal);
    const over = () => api.post("/complete", { prompt, max_tokens: 1, temperature: 0 });
    const times = { direct: [] as number[], over: [] as number[] };
    for (let round = 0; round < rounds + 20; round++) {
      const [one, two] = [await timed(direct), await timed(over)];
      if (round < 20) continue;
      times.direct.push(one);
      times.over.push(two);
    }
    const [one, two] = [percentile(times.direct, 0.5), percentile(times.over, 0.5)];
    print(
      `  one token: engine p50 ${one.toFixed(2)} ms, API p50 ${two.toFixed(2)} ms, above it ` +
        `${(two - one).toFixed(2)} ms (median of ${rounds} each, in turns; bar: 5 ms)`,
    );
  } finally {
    dispose();
  }
}

function openEngine(homePath: string) {
  const product = compose({
    ...{ clientName: "bench", logName: `cli-${process.pid}`, homePath, background: true },
  });
  const { engine, clock } = product;
  return { engine, clock, dispose: () => product.dispose() };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}
