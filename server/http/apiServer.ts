import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import { createApp, isOpenAi } from "./app.ts";
import { createConnections } from "./connections.ts";
import { admit } from "./door.ts";
import { answerOf, type AnswerTraits } from "./errorStatus.ts";
import { crossOriginHeaders, preflightHeaders } from "./crossOrigin.ts";
import { logCall } from "./logCall.ts";
import { createPlaces } from "./places.ts";
import { readBody } from "./readBody.ts";
import type { ApiParts, Call } from "./types.ts";

/** The loopback API, listening or not yet. */
export interface ApiServer {
  /** Listens on 127.0.0.1; the port, chosen by the system where 0 is given. Rejects with `PORT_IN_USE`. */
  listen(port: number): Promise<number>;
  /** Takes no more, and ends what runs. */
  close(): Promise<void>;
}

/** An answer to what is not read to its end: the client has so long to take it. */
const lingerMs = 250;
/** Fit for a line of a log. */
const wellFormedId = /^[\w-]{1,100}$/;

/** Creates the API over a product. The order at the door: host, origin, key, size, route. */
export function createApiServer(parts: ApiParts): ApiServer {
  const { limits, clock, product, log } = parts;
  const connections = createConnections(limits.connections, limits.perConnection);
  const places = createPlaces(() => product.settings["http.maxRequests"], clock);
  const app = createApp({ ...parts, places });
  const calls = new WeakMap<object, Call>();
  const listener = getRequestListener(
    (request, env) => {
      const call = calls.get(env.incoming) ?? { requestId: "", known: false };
      return app.fetch(request, { ...env, call });
    },
    { overrideGlobalObjects: false },
  );
  let port = 0;

  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    expectsContinue: boolean,
  ): Promise<void> {
    const given = incoming.headers["x-request-id"];
    const requestId =
      typeof given === "string" && wellFormedId.test(given) ? given : parts.nextRequestId();
    const end = connections.began(incoming.socket);
    let call: Call = { requestId, known: false };
    const started = clock.now();
    outgoing.once("close", () => {
      end?.();
      logCall(log, incoming, outgoing, call, clock.now() - started);
    });
    outgoing.setHeader("X-Request-Id", requestId);
    outgoing.setHeader("Cache-Control", "no-store");
    outgoing.setHeader("X-Content-Type-Options", "nosniff");
    const refuse = (error: CodedError, traits: AnswerTraits = {}): void => {
      call.code = error.code;
      sendRefusal(incoming, outgoing, error, traits);
    };
    if (end === undefined) {
      refuse(new CodedError("API_BUSY", "One connection asks too much at once."), { status: 429 });
      return;
    }
    const { origin, authorization } = incoming.headers;
    const target = incoming.url ?? "";
    const method = incoming.method ?? "";
    const allowedOrigins = product.settings["http.allowedOrigins"];
    const admission = admit(
      { method, target, hosts: hostsOf(incoming), origin, authorization },
      { port, allowedOrigins, isKey: parts.isKey },
    );
    for (const [name, value] of crossOriginHeaders(origin, allowedOrigins)) {
      outgoing.setHeader(name, value);
    }
    if (admission.kind === "refused") {
      refuse(admission.error);
      return;
    }
    if (admission.kind === "preflight") {
      outgoing.writeHead(204, preflightHeaders(incoming.headers)).end();
      return;
    }
    call = { requestId, known: admission.known };
    try {
      if (method === "POST") {
        if (expectsContinue) outgoing.writeContinue();
        const rawBody = await readBody(incoming, limits, clock);
        // What is read already, the adapter takes from here.
        Object.assign(incoming, { rawBody });
      } else if (hasBody(incoming)) {
        throw new CodedError("VALIDATION_ERROR", `${method} takes no body.`);
      }
    } catch (thrown) {
      const error = toCodedError(thrown);
      const slow = error.code === "TIMEOUT_ERROR";
      refuse(error, slow ? { status: 400 } : {});
      return;
    }
    calls.set(incoming, call);
    await listener(incoming, outgoing);
  }

  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.headersMs + limits.bodyMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.checkMs,
  });
  const onRequest =
    (expectsContinue: boolean) =>
    (incoming: IncomingMessage, outgoing: ServerResponse): void => {
      serve(incoming, outgoing, expectsContinue).catch((thrown: unknown) => {
        log.warn("a request failed", { detail: toCodedError(thrown).message });
        outgoing.destroy();
      });
    };
  server.on("request", onRequest(false));
  server.on("checkContinue", onRequest(true));
  server.on("connection", (socket: Socket) => connections.opened(socket));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    const answered = answerFor(error, socket);
    connections.whenIdle(socket, () => {
      if (answered === undefined || !socket.writable) socket.destroy();
      else socket.end(answered, () => socket.destroy());
    });
  });

  return {
    async listen(wanted) {
      await listenOn(server, wanted);
      ({ port } = server.address() as AddressInfo);
      return port;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        connections.closeAll();
      });
    },
  };
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => {
      const taken = cause.code === "EADDRINUSE" || cause.code === "EACCES";
      const detail = `127.0.0.1:${String(port)}: ${cause.message}`;
      reject(new CodedError(taken ? "PORT_IN_USE" : "INTERNAL_ERROR", detail, cause));
    };
    server.once("error", onError);
    server.listen({ port, host: "127.0.0.1", backlog: 1024 }, () => {
      server.off("error", onError);
      resolve();
    });
  });
}

/**
 * Answers, and closes the connection where a body is left: it is not read. The end waits a moment,
 * since closing with unread data makes some clients lose the answer.
 */
function sendRefusal(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  error: CodedError,
  traits: AnswerTraits,
): void {
  const openAi = isOpenAi(incoming.url ?? "");
  const { status, headers, body } = answerOf(error, { ...traits, openAi });
  const text = JSON.stringify(body);
  const unread = hasBody(incoming) && !incoming.complete;
  outgoing.writeHead(status, {
    ...headers,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    ...(unread ? { Connection: "close" } : {}),
  });
  if (!unread) {
    outgoing.end(text);
    return;
  }
  outgoing.write(text);
  incoming.pause();
  const timer = setTimeout(() => incoming.socket.destroy(), lingerMs);
  incoming.socket.once("close", () => clearTimeout(timer));
}

function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** Each `Host` as it came; Node itself keeps the first one alone. */
function hostsOf({ rawHeaders }: IncomingMessage): readonly string[] {
  return rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "host",
  );
}

/** What a connection that speaks no HTTP is told; undefined: nothing. */
function answerFor(error: NodeJS.ErrnoException, socket: Socket): string | undefined {
  if (error.code === "ECONNRESET" || socket.bytesRead === 0) return undefined;
  const coded =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? new CodedError("TIMEOUT_ERROR", "The request was not complete in time.")
      : new CodedError("VALIDATION_ERROR", "This is no HTTP request that can be read.");
  const text = JSON.stringify(answerOf(coded).body);
  return [
    "HTTP/1.1 400 Bad Request",
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${String(Buffer.byteLength(text))}`,
    "",
    text,
  ].join("\r\n");
}
