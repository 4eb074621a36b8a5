import { percentile } from "../percentile.ts";
import type { ServiceTimes } from "./simulatedEngine.ts";

/** Where a llama-server is to be measured: its address, such as `http://127.0.0.1:8080`. */
const addressVariable = "STARCODER_LLAMA_SERVER_URL";

/**
 * Measured with llama.cpp's llama-server of node-llama-cpp 3.x's bundle and Qwen2.5-Coder-0.5B on
 * two processor cores: 24.7 ms for the first token when the prompt is cached, 14.6 ms for each
 * further one, 280 tokens a second read, so 1,430 ms for a prompt of 400 tokens.
 */
const stored: ServiceTimes = {
  cachedMs: 24.7,
  freshMs: 1430,
  tokenMs: 14.6,
  source: "stored: Qwen2.5-Coder-0.5B on llama-server, two cores, 400 tokens of prompt",
};

interface Timings {
  readonly timings: {
    readonly prompt_ms: number;
    readonly predicted_ms: number;
    readonly predicted_n: number;
  };
}

/** Those of the server that the environment names, else stored ones. */
export async function measureServiceTimes(): Promise<ServiceTimes> {
  const address = process.env[addressVariable]?.replace(/\/$/, "");
  if (address === undefined || address === "") return stored;
  const fresh: number[] = [];
  const cached: number[] = [];
  const token: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const lines = Array.from({ length: 40 }, (_, line) => `const v${round}_${line} = ${line};`);
    const prompt = lines.join("\n");
    fresh.push((await ask(address, prompt)).prompt_ms);
    const again = await ask(address, `${prompt} c`);
    cached.push(again.prompt_ms);
    token.push(again.predicted_ms / Math.max(1, again.predicted_n));
  }
  return {
    cachedMs: percentile(cached, 0.5),
    freshMs: percentile(fresh, 0.5),
    tokenMs: percentile(token, 0.5),
    source: `measured on ${address} now, prompts of 40 lines`,
  };
}

async function ask(address: string, prompt: string): Promise<Timings["timings"]> {
  const response = await fetch(`${address}/completion`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt, n_predict: 8, temperature: 0, cache_prompt: true }),
  });
  return ((await response.json()) as Timings).timings;
}
