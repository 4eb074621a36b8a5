import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { z } from "zod";
import type { Typist } from "./product.ts";

/** llama.vscode's defaults: lines of context sent with a request. */
const prefixLines = 256;
const suffixLines = 64;

const answerSchema = z.object({
  tokens_predicted: z.number(),
  tokens_evaluated: z.number(),
  timings: z.object({ prompt_n: z.number() }),
});

export interface RunningLlamaServer {
  readonly type: Typist;
  stop(): void;
}

/** Starts a llama-server with llama.vscode's flags and types into it as that extension does. */
export async function startLlamaServer(
  program: string,
  modelPath: string,
  tokensPerKey: number,
): Promise<RunningLlamaServer> {
  const flags = ["-ub", "1024", "-b", "1024", "--ctx-size", "0", "--cache-reuse", "256"];
  const { address, stop } = await launchLlamaServer(program, modelPath, flags);
  return {
    stop,
    async type({ text, offset }) {
      const body = JSON.stringify(infillRequest(text, offset, tokensPerKey));
      const start = performance.now();
      const response = await fetch(`${address}/infill`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const answer = answerSchema.parse(await response.json());
      return {
        ms: performance.now() - start,
        evaluatedTokens: answer.timings.prompt_n,
        generatedTokens: answer.tokens_predicted,
        promptTokens: answer.tokens_evaluated,
      };
    },
  };
}

/** Starts a llama-server on a free port of this machine; settles when it has loaded its model. */
export async function launchLlamaServer(
  program: string,
  modelPath: string,
  flags: readonly string[],
): Promise<{ readonly address: string; readonly stop: () => void }> {
  const port = await freePort();
  const child = spawn(program, ["-m", modelPath, "--port", String(port), ...flags], {
    stdio: "ignore",
  });
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`llama-server ended with ${String(code)}`)));
  });
  ended.catch(() => undefined);
  const address = `http://127.0.0.1:${port}`;
  await Promise.race([ended, untilHealthy(address)]);
  return { address, stop: () => void child.kill() };
}

/** The request of llama.vscode 0.0.4x, but for greedy sampling and without its time limits. */
function infillRequest(
  text: string,
  offset: number,
  tokensPerKey: number,
): Record<string, unknown> {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const above = text
    .slice(0, lineStart)
    .split("\n")
    .slice(-(prefixLines + 1))
    .join("\n");
  const below = text.slice(offset).split("\n").slice(0, suffixLines).join("\n");
  return {
    input_prefix: above,
    prompt: text.slice(lineStart, offset),
    input_suffix: below,
    input_extra: [],
    n_predict: tokensPerKey,
    temperature: 0,
    top_k: 1,
    samplers: ["top_k"],
    cache_prompt: true,
    stream: false,
  };
}

async function untilHealthy(address: string): Promise<void> {
  for (;;) {
    const ok = await fetch(`${address}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("No free port."));
      });
    });
  });
}
