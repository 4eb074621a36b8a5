import { createServer, type Server, type Socket } from "node:net";
import { rmSync } from "node:fs";
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { CodedError, type ErrorCode } from "../../server/protocol/errors.ts";
import {
  askRequest,
  codedErrorRpcCode,
  focusNotification,
  generateRequest,
  helloRequest,
  hostHealthRequest,
  hostProtocolVersion,
  noUsage,
  retireRequest,
  stateNotification,
  tokenNotification,
  warmRequest,
  weighedNotification,
  weighRequest,
  type AskParams,
  type AskResult,
  type GenerateParams,
  type GenerateResult,
  type HostLaunch,
  type HostState,
  type WeighedNotification,
  type WeighParams,
  type WeighResult,
} from "../../server/protocol/host.ts";
import { writeRunFile } from "../../server/state/runFile.ts";

export const modelDescription = {
  path: "model.gguf",
  fileSizeBytes: 1,
  architecture: "starcoder2",
  name: "fake",
  tokenizerPre: "starcoder",
  parameters: 1,
  quantization: "Q8_0",
  trainContextSize: 1024,
  contextSize: 1024,
  specialTokens: [],
  vocabularySize: 10,
};

export const readyState: Extract<HostState, { kind: "ready" }> = {
  kind: "ready",
  model: modelDescription,
  backend: { requested: "cpu", used: "cpu" },
};

/** Answers a generation with one token. */
export function answering(
  text = " right",
  logProbability = -1,
): NonNullable<Behaviour["generate"]> {
  return (_params, send) => {
    send(text, logProbability);
    return Promise.resolve({ finish: "stop", usage: { ...noUsage, generatedTokens: 1 } });
  };
}

/** How a fake host behaves; a well-behaved one that is ready at once by default. */
export interface Behaviour {
  /** Instead of speaking the protocol, do this with each connection. */
  readonly onConnection?: (socket: Socket) => void;
  readonly protocolVersion?: number;
  readonly state?: HostState;
  readonly refuse?: ErrorCode;
  /** The host answers nothing after `hello`. */
  readonly silent?: boolean;
  /** The answer to `ask`; one that never comes where left out. */
  readonly ask?: (params: AskParams, token: CancellationToken) => Promise<AskResult | null>;
  readonly generate?: (
    params: GenerateParams,
    send: (text: string, logProbability?: number) => void,
    token: CancellationToken,
    host: FakeHost,
  ) => Promise<GenerateResult>;
  readonly weigh?: (
    params: WeighParams,
    tell: (weighed: Omit<WeighedNotification, "id">) => void,
    token: CancellationToken,
  ) => Promise<WeighResult | null>;
}

export interface FakeHost {
  readonly pid: number;
  readonly launch: HostLaunch;
  readonly connections: ReadonlySet<Socket>;
  /** Names of the requests that came, in order. */
  readonly received: readonly string[];
  announce(state: HostState): void;
  /** Dies: every connection breaks, nobody listens. */
  kill(): void;
}

/** Starts one on the launch's socket and writes the run file, as the real host does. */
export async function startFakeHost(
  launch: HostLaunch,
  pid: number,
  behaviour: Behaviour = {},
): Promise<FakeHost> {
  const connections = new Set<Socket>();
  const peers = new Set<MessageConnection>();
  const received: string[] = [];
  let state = behaviour.state ?? readyState;
  rmSync(launch.socketPath, { force: true });
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => connections.delete(socket));
    if (behaviour.onConnection !== undefined) behaviour.onConnection(socket);
    else peers.add(speak(socket));
  });

  function speak(socket: Socket): MessageConnection {
    const rpc = createMessageConnection(
      new StreamMessageReader(socket),
      new StreamMessageWriter(socket),
    );
    const never = new Promise<never>(() => undefined);
    rpc.onError(() => undefined);
    rpc.onRequest(helloRequest, () => {
      received.push("hello");
      if (behaviour.refuse !== undefined) throw rpcError(behaviour.refuse);
      return { protocolVersion: hostProtocolVersion, hostVersion: "1.0.0", pid, state };
    });
    rpc.onRequest(hostHealthRequest, () => {
      received.push("health");
      if (behaviour.silent) return never;
      return {
        pid,
        hostVersion: "1.0.0",
        uptimeSeconds: 1,
        state,
        clients: connections.size,
        queued: 0,
        residentBytes: 1,
        threads: { decode: 1, prefill: 1 },
        speed: {},
        slots: [],
      };
    });
    rpc.onRequest(retireRequest, () => {
      received.push("retire");
      return null;
    });
    rpc.onRequest(warmRequest, () => {
      received.push("warm");
      return behaviour.silent ? never : { usage: noUsage, finish: "done" as const };
    });
    rpc.onNotification(focusNotification, ({ focused }) => {
      received.push(focused ? "focus" : "blur");
    });
    rpc.onRequest(askRequest, (params, token) => behaviour.ask?.(params, token) ?? never);
    rpc.onRequest(generateRequest, (params, token) => {
      received.push("generate");
      const send = (text: string, logProbability = -1): void => {
        const notification = { id: params.id, text, logProbability };
        rpc.sendNotification(tokenNotification, notification).catch(ignore);
      };
      if (behaviour.silent || behaviour.generate === undefined) return never;
      return behaviour.generate(params, send, token, host);
    });
    rpc.onRequest(weighRequest, (params, token) => {
      received.push("weigh");
      const tell = (weighed: Omit<WeighedNotification, "id">): void => {
        const notification = { id: params.id, ...weighed };
        rpc.sendNotification(weighedNotification, notification).catch(ignore);
      };
      if (behaviour.silent || behaviour.weigh === undefined) return never;
      return behaviour.weigh(params, tell, token);
    });
    rpc.listen();
    return rpc;
  }

  const host: FakeHost = {
    pid,
    launch,
    connections,
    received,
    announce(next) {
      state = next;
      for (const peer of peers) peer.sendNotification(stateNotification, next).catch(ignore);
    },
    kill() {
      server.close();
      for (const socket of connections) socket.destroy();
    },
  };
  await listen(server, launch.socketPath);
  writeRunFile(launch.runFilePath, {
    protocolVersion: behaviour.protocolVersion ?? hostProtocolVersion,
    pid,
    token: launch.token,
    socketPath: launch.socketPath,
    hostVersion: "1.0.0",
    startedAt: "2026-01-01T00:00:00.000Z",
  });
  return host;
}

/** The peer may be gone: that is what these tests are about. */
function ignore(): void {
  return undefined;
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve) => server.listen(path, resolve));
}

function rpcError(code: ErrorCode): ResponseError<unknown> {
  const data = new CodedError(code).toData();
  return new ResponseError(codedErrorRpcCode, data.message, data);
}
