import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import {
  generateRequest,
  helloRequest,
  hostHealthRequest,
  hostProtocolVersion,
  tokenNotification,
  warmRequest,
  type HostState,
  type Usage,
} from "../../server/protocol/host.ts";
import manifest from "../../package.json" with { type: "json" };
import { engineKey } from "../../server/state/engineKey.ts";
import { openHome } from "../../server/state/home.ts";
import { writeRunFile } from "../../server/state/runFile.ts";
import { runPathsOf } from "../../server/state/runPaths.ts";
import { bundledModelPath } from "./models.ts";

const usage: Usage = {
  queueMs: 0,
  prefillMs: 0,
  decodeMs: 0,
  evaluatedTokens: 1,
  reusedTokens: 100,
  generatedTokens: 1,
};

/**
 * A model host whose model takes no time: it answers each request at once with the same short text.
 * What a request then costs is the server and both of its connections. It stands where a server
 * with default settings and this home looks for a running host.
 */
export async function startInstantHost(
  home: string,
): Promise<{ readonly stop: () => void; readonly requests: () => number }> {
  const paths = runPathsOf(
    openHome(home),
    engineKey({
      modelPath: bundledModelPath,
      backend: "auto",
      contextSize: 0,
      kvType: "f16",
      gpuLayers: -1,
    }),
  );
  let requests = 0;
  const state: HostState = {
    kind: "ready",
    model: {
      path: bundledModelPath,
      fileSizeBytes: 1,
      architecture: "starcoder2",
      name: "instant",
      tokenizerPre: "starcoder",
      parameters: 7_630_000,
      quantization: "Q8_0",
      trainContextSize: 1024,
      contextSize: 1024,
      specialTokens: ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<file_sep>", "<repo_name>"],
      vocabularySize: 8192,
    },
    backend: { requested: "auto", used: "cpu" },
  };
  const server = createServer((socket) => {
    const connection = createMessageConnection(
      new StreamMessageReader(socket),
      new StreamMessageWriter(socket),
    );
    connection.onRequest(helloRequest, () => ({
      protocolVersion: hostProtocolVersion,
      hostVersion: manifest.version,
      pid: process.pid,
      state,
    }));
    connection.onRequest(generateRequest, async ({ id }) => {
      requests += 1;
      await connection.sendNotification(tokenNotification, {
        id,
        text: "value",
        logProbability: -0.01,
      });
      return { finish: "stop" as const, usage };
    });
    connection.onRequest(warmRequest, () => ({ usage, finish: "done" as const }));
    connection.onRequest(hostHealthRequest, () => ({
      pid: process.pid,
      hostVersion: manifest.version,
      uptimeSeconds: 1,
      state,
      clients: 1,
      queued: 0,
      residentBytes: 0,
      threads: { decode: 1, prefill: 1 },
      speed: {},
      slots: [],
    }));
    connection.listen();
  });
  rmSync(paths.socketPath, { force: true });
  server.listen(paths.socketPath);
  await once(server, "listening");
  writeRunFile(paths.runFilePath, {
    protocolVersion: hostProtocolVersion,
    pid: process.pid,
    token: "instant",
    socketPath: paths.socketPath,
    hostVersion: manifest.version,
    startedAt: new Date().toISOString(),
  });
  return { stop: () => server.close(), requests: () => requests };
}
