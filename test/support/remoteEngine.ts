import { createServer, request as send, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Certificate } from "./certificates.ts";

/** An HTTP server on this machine, as a remote engine or something else entirely. */
export interface RemoteEngine {
  /** With `localhost` as its name. */
  readonly url: string;
  readonly port: number;
  /** `METHOD path` of each request, with what it carried for the engine and for the proxy. */
  readonly requests: {
    readonly line: string;
    readonly authorization: string | undefined;
    readonly forProxy?: string | undefined;
  }[];
  readonly close: () => Promise<void>;
}

/** What a healthy engine answers. */
export const healthy: RequestListener = (request, response) => {
  response.setHeader("content-type", "application/json");
  if (request.url === "/v1/completions") {
    response.setHeader("content-type", "text/event-stream");
    response.end('data: {"choices":[{"text":"marmalade"}]}\n\ndata: [DONE]\n\n');
  } else if (request.url === "/health") response.end('{"status":"ok"}');
  else if (request.url === "/v1/models") response.end('{"data":[{"id":"some-coder"}]}');
  else response.writeHead(404).end("{}");
};

/** Answers everything with a status. */
export function always(status: number, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => response.writeHead(status, headers).end("{}");
}

/** Listens on a free port of 127.0.0.1. */
export async function startEngine(
  answer: RequestListener = healthy,
  certificate?: Pick<Certificate, "key" | "cert">,
): Promise<RemoteEngine> {
  const requests: RemoteEngine["requests"] = [];
  const listener: RequestListener = (request, response) => {
    const { method = "", url = "", headers } = request;
    requests.push({ line: `${method} ${url}`, authorization: headers.authorization });
    answer(request, response);
  };
  const server =
    certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener);
  const { port, close } = await listen(server);
  const scheme = certificate === undefined ? "http" : "https";
  return { url: `${scheme}://localhost:${port}`, port, requests, close };
}

/**
 * A proxy that leads to the port that it is asked for, on this machine whatever the name is, or
 * answers with a status instead.
 */
export async function startProxy(refuseWith?: number): Promise<RemoteEngine> {
  const requests: RemoteEngine["requests"] = [];
  const server = createServer();
  server.on("connect", (request, client: Socket) => {
    const target = request.url ?? "";
    requests.push({
      line: `CONNECT ${target}`,
      authorization: request.headers.authorization,
      forProxy: request.headers["proxy-authorization"],
    });
    client.on("error", () => undefined);
    if (refuseWith !== undefined) {
      client.end(`HTTP/1.1 ${refuseWith} No\r\n\r\n`);
      return;
    }
    const onward = connect(Number(target.split(":").at(-1)), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connected\r\n\r\n");
      onward.pipe(client).pipe(onward);
    });
    onward.on("error", () => client.destroy());
  });
  server.on("request", (request, response) => {
    requests.push({
      line: `${request.method ?? ""} ${request.url ?? ""}`,
      authorization: request.headers.authorization,
      forProxy: request.headers["proxy-authorization"],
    });
    if (refuseWith !== undefined) {
      response.writeHead(refuseWith).end();
      return;
    }
    const { port, pathname } = new URL(request.url ?? "");
    const { method, headers } = request;
    const onward = send({ host: "127.0.0.1", port, path: pathname, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  const { port, close } = await listen(server);
  return { url: `http://localhost:${port}`, port, requests, close };
}

async function listen(server: Server): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
