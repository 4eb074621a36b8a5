import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import {
  generateRequest,
  helloRequest,
  hostLaunchVariable,
  hostProtocolVersion,
  stateNotification,
  tokenNotification,
  type GenerateParams,
  type HostLaunch,
  type HostState,
} from "../../server/protocol/host.ts";
import { modelLine } from "./machine.ts";
import { describeMilliseconds, percentile } from "./percentile.ts";

const rounds = 12;
const tokensEach = 32;
const cancels = 40;
const root = join(import.meta.dirname, "../..");
const line = "export function add(first: number, second: number): number {\n  return first;\n}\n";

/**
 * Decode speed of the host, as a client sees it, over a bare node-llama-cpp loop, in turns; and
 * cancel → model idle: the answer to a cancelled request comes when its last step has ended.
 */
export async function measureHost(modelPath: string, print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "starcoder-bench-"));
  const bare = await startBareLoop(modelPath);
  const host = await startHost(modelPath, folder);
  try {
    print(`  ${host.model}`);
    await bare.speed();
    await host.speed();
    const pairs: { bare: number; host: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      pairs.push({ bare: await bare.speed(), host: await host.speed() });
    }
    const median = (values: number[]) => percentile(values, 0.5);
    const ratio = median(pairs.map((pair) => pair.host / pair.bare));
    print(
      `  decode: bare loop ${median(pairs.map((pair) => pair.bare)).toFixed(1)}, host ` +
        `${median(pairs.map((pair) => pair.host)).toFixed(1)} tokens a second, ratio ` +
        `${ratio.toFixed(2)} (median of ${rounds} pairs; bar: 0.9)`,
    );
    for (const during of ["prefill", "decode"] as const) {
      const times = await host.cancelTimes(during);
      const figures = describeMilliseconds(times);
      print(`  cancel → idle during ${during}: ${figures} (bar: p95 at most 90 ms)`);
    }
  } finally {
    bare.stop();
    host.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function runScript(script: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, UV_THREADPOOL_SIZE: "1", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
}

async function startBareLoop(modelPath: string) {
  const child = runScript("scripts/bench/bareLoop.ts", [modelPath, String(tokensEach), line], {});
  if (child.stdout === null) throw new Error("The bare loop has no output.");
  const lines = createInterface({ input: child.stdout });
  const next = async (): Promise<string> => {
    const [text] = (await once(lines, "line")) as [string];
    return text;
  };
  await next();
  return {
    async speed(): Promise<number> {
      const answer = next();
      child.stdin?.write("again\n");
      return Number(await answer);
    },
    stop: () => child.kill(),
  };
}

async function startHost(modelPath: string, folder: string) {
  const launch: HostLaunch = {
    config: {
      modelPath,
      backend: "cpu",
      contextSize: 2048,
      kvType: "f16",
      gpuLayers: -1,
      threads: 0,
      prefillThreads: 0,
      idleTimeoutSeconds: 600,
      unloadAfterSeconds: 0,
    },
    socketPath: join(folder, "host.sock"),
    runFilePath: join(folder, "host.json"),
    token: "bench",
    hostVersion: "bench",
  };
  const child = runScript("server/host/main.ts", [], {
    [hostLaunchVariable]: JSON.stringify(launch),
  });
  while (!existsSync(launch.runFilePath)) {
    if (child.exitCode !== null) throw new Error("The host ended.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const socket = connect(launch.socketPath);
  await once(socket, "connect");
  const rpc = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  rpc.listen();
  const loaded = new Promise<HostState>((resolve) => {
    rpc.onNotification(stateNotification, resolve);
  });
  const client = { name: "bench", version: "0", pid: process.pid };
  const hello = { protocolVersion: hostProtocolVersion, token: launch.token, client };
  const { state } = await rpc.sendRequest(helloRequest, hello);
  const model = describe(state.kind === "loading" ? await loaded : state);
  let onToken = (): void => undefined;
  rpc.onNotification(tokenNotification, () => {
    onToken();
  });

  return {
    model,
    async speed(): Promise<number> {
      const times: number[] = [];
      onToken = () => times.push(performance.now());
      await rpc.sendRequest(generateRequest, request(line, tokensEach));
      return (1000 * (times.length - 1)) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
    },
    async cancelTimes(during: "prefill" | "decode"): Promise<number[]> {
      const times: number[] = [];
      for (let trial = 0; times.length < cancels && trial < 4 * cancels; trial++) {
        const source = new CancellationTokenSource();
        let sent = 0;
        const cancel = (): void => {
          if (sent > 0) return;
          sent = performance.now();
          source.cancel();
        };
        onToken = during === "decode" ? cancel : () => undefined;
        // Another beginning each time: nothing of it is in the cache.
        const prompt = during === "decode" ? line : `// ${trial}\n${line.repeat(30)}`;
        const answer = rpc.sendRequest(generateRequest, request(prompt, 200), source.token);
        // Spread over the steps of the prefill.
        if (during === "prefill") setTimeout(cancel, 5 + 7 * (trial % 20));
        const { finish } = await answer;
        if (finish === "cancelled") times.push(performance.now() - sent);
      }
      return times;
    },
    stop() {
      socket.destroy();
      child.kill();
    },
  };
}

function describe(state: HostState): string {
  if (state.kind !== "ready") throw new Error(`The host is ${state.kind}.`);
  return modelLine(state.model, state.backend.used);
}

function request(prompt: string, maxTokens: number): GenerateParams {
  return {
    id: "1",
    prompt: [{ text: prompt }],
    heal: "",
    priority: "typing",
    maxTokens,
    sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
    stopTokens: [],
    stopStrings: [],
  };
}
