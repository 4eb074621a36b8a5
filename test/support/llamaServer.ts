import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { bundledModelPath } from "./bundledModel.ts";
import { freePort } from "./remoteEngine.ts";

/** Path of the llama-server that `npm run llama-server` built; undefined where none is named. */
export const llamaServerPath = process.env.STARCODER_LLAMA_SERVER;

if (llamaServerPath !== undefined && !existsSync(llamaServerPath)) {
  throw new Error(`STARCODER_LLAMA_SERVER names ${llamaServerPath}, which does not exist.`);
}

/** A real llama-server on a port of this machine. */
export interface LlamaServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** How many tokens it has evaluated and generated since it was started. */
  tokens(): Promise<number>;
  /** Ends it as a crash does, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts one and waits until it answers; rejects with the end of its output where it does not. */
export async function startLlamaServer(modelPath = bundledModelPath): Promise<LlamaServer> {
  if (llamaServerPath === undefined) throw new Error("STARCODER_LLAMA_SERVER names no program.");
  const url = `http://127.0.0.1:${await freePort()}`;
  const port = new URL(url).port;
  const server = spawn(
    llamaServerPath,
    [
      "-m",
      modelPath,
      "--host",
      "127.0.0.1",
      "--port",
      port,
      "-np",
      "2",
      "-t",
      "1",
      "--no-ui",
      "--metrics",
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  const keep = (piece: Buffer): void => {
    output = (output + piece.toString()).slice(-2000);
  };
  server.stdout.on("data", keep);
  server.stderr.on("data", keep);
  const ended = new Promise<void>((resolve) => {
    server.once("exit", () => resolve());
    server.once("error", (error) => {
      output += String(error);
      resolve();
    });
  });
  const kill = async (): Promise<void> => {
    server.kill("SIGKILL");
    await ended;
  };
  const limit = performance.now() + 30_000;
  while (performance.now() < limit && server.exitCode === null && server.pid !== undefined) {
    if (await isWell(url)) return { url, process: server, tokens: () => tokensOf(url), kill };
    await delay(20);
  }
  await kill();
  throw new Error(`llama-server does not answer: ${output}`);
}

async function tokensOf(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const counts = metrics.matchAll(/^llamacpp:(?:prompt_tokens|tokens_predicted)_total (\S+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function isWell(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}
