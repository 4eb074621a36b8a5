import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { serveConnection, type ConnectionOptions } from "../../../server/host/connection.ts";
import { createHostService, type HostService } from "../../../server/host/hostService.ts";
import { createLogger } from "../../../server/logs/logger.ts";
import {
  hostProtocolVersion,
  type GenerateParams,
  type HostHealth,
} from "../../../server/protocol/host.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { fakeModel, type FakeModelOptions } from "./fakeModel.ts";

/** What the host expects in `hello`. */
const token = "secret";
export const hello = {
  protocolVersion: hostProtocolVersion,
  token,
  client: { name: "test", version: "0", pid: 1 },
};
export const generate: GenerateParams = {
  id: "1",
  prompt: [{ text: "a" }],
  heal: "",
  priority: "typing",
  maxTokens: 3,
  sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
  stopTokens: [],
  stopStrings: [],
};
const log = createLogger({
  service: "host",
  sinks: [],
  level: () => "off",
  now: () => new Date(0),
});

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A host over a fake model that listens for peers, until the test ends. */
export async function setUp(
  model: Partial<FakeModelOptions> = {},
  options: Partial<ConnectionOptions> = {},
) {
  const service = createHostService({
    load: () =>
      Promise.resolve(fakeModel({ vocabulary: ["a", "b"], predict: () => ({ b: 1 }), ...model })),
    ...createManualClock(),
    log,
  });
  await service.start();
  const folder = mkdtempSync(join(tmpdir(), "connection-"));
  const path = join(folder, "s");
  const events: string[] = [];
  const server = createServer((socket) =>
    serveConnection(socket, {
      service,
      token,
      hostVersion: "1.2.3",
      log,
      health: () => healthOf(service),
      onAuthenticated: () => events.push("came"),
      onEnd: () => events.push("left"),
      onRetire: () => events.push("retire"),
      onSupersede: () => true,
      ...options,
    }),
  );
  server.listen(path);
  await once(server, "listening");
  cleanups.push(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { service, events, dial: () => dial(path) };
}

function healthOf(service: HostService): HostHealth {
  const figures = { pid: 1, hostVersion: "", uptimeSeconds: 0, clients: 1, residentBytes: 1 };
  return { ...service.health(), ...figures };
}

async function dial(path: string) {
  const socket: Socket = connect(path);
  await once(socket, "connect");
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  const rpc = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  rpc.listen();
  cleanups.push(() => socket.destroy());
  return { socket, rpc, closed };
}
