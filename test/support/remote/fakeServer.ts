import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Certificate } from "../certificates.ts";

/** One request that came in. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** Parsed JSON; undefined where there was none. */
  readonly body: unknown;
  /** Whether the client closed the connection before the answer's end. */
  closedEarly: boolean;
}

/** A server on this machine that answers as it is told. */
export interface FakeServer {
  /** With `127.0.0.1`, or `localhost` where it has a certificate. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly FakeRequest[];
  /** Requests for a path. */
  of(path: string): readonly FakeRequest[];
  close(): Promise<void>;
}

export type FakeAnswer = (request: FakeRequest, response: ServerResponse) => void | Promise<void>;

export interface FakeServerOptions {
  readonly answer: FakeAnswer;
  readonly certificate?: Pick<Certificate, "key" | "cert">;
  /** 0: any free one. */
  readonly port?: number;
}

export async function startFakeServer(options: FakeServerOptions): Promise<FakeServer> {
  const { answer, certificate, port: wanted = 0 } = options;
  const requests: FakeRequest[] = [];
  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    void receive(incoming).then(
      async (request) => {
        requests.push(request);
        response.once("close", () => (request.closedEarly = !response.writableFinished));
        response.on("error", () => undefined);
        await answer(request, response);
      },
      () => response.destroy(),
    );
  };
  const server =
    certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: certificate === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    port,
    requests,
    of: (path) => requests.filter((request) => request.path === path),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<FakeRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming as AsyncIterable<Buffer>) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return {
    method: incoming.method ?? "",
    path: (incoming.url ?? "").split("?")[0] ?? "",
    authorization: incoming.headers.authorization,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
    closedEarly: false,
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

/** Opens a stream of server-sent events; returns what sends one. */
export function openEvents(response: ServerResponse): (data: unknown) => void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  return (data) => {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    response.write(`data: ${text}\n\n`);
  };
}

/** Settles after so many milliseconds, or at once where the client is gone. */
export function pause(ms: number, response: ServerResponse): Promise<void> {
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      response.off("close", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    response.once("close", over);
  });
}
