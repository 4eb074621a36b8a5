import { timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import {
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type CancellationToken,
} from "vscode-jsonrpc/node";
import type { z } from "zod";
import type { Logger } from "../logs/logger.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import {
  askParamsSchema,
  askRequest,
  codedErrorRpcCode,
  decideParamsSchema,
  decideRequest,
  focusNotification,
  focusParamsSchema,
  generateParamsSchema,
  generateRequest,
  helloParamsSchema,
  helloRequest,
  hostHealthRequest,
  hostLogSettingsSchema,
  hostProtocolVersion,
  inspectParamsSchema,
  inspectRequest,
  logSettingsNotification,
  retireRequest,
  scoreParamsSchema,
  scoreRequest,
  stateNotification,
  supersedeParamsSchema,
  supersedeRequest,
  tokenizeParamsSchema,
  tokenizeRequest,
  tokenNotification,
  warmParamsSchema,
  warmRequest,
  weighedNotification,
  weighParamsSchema,
  weighRequest,
  type HelloResult,
  type HostHealth,
  type WeighedNotification,
} from "../protocol/host.ts";
import type { LogClient } from "./hostLogLevel.ts";
import { createMessageGuard } from "../state/messageGuard.ts";
import type { HostService } from "./hostService.ts";
import type { Inspector } from "../state/inspector.ts";
import { createTokenStream, type ShownToken } from "./tokenStream.ts";
import type { Client } from "./turns.ts";

/** JSON-RPC's code for a request that ended because it was cancelled. */
const requestCancelled = -32800;

export interface ConnectionOptions {
  readonly service: HostService;
  readonly token: string;
  readonly hostVersion: string;
  readonly log: Logger;
  /** How long a peer may take to say hello, in milliseconds. */
  readonly helloWithinMs?: number;
  readonly health: () => HostHealth;
  /** The Node inspector, shared by all peers; absent: there is none. */
  readonly inspector?: Inspector;
  /** Called when the peer has said hello. */
  readonly onAuthenticated: () => void;
  readonly onRetire: () => void;
  /** A host of this version wants its place; whether it gets it. */
  readonly onSupersede: (hostVersion: string) => boolean;
  /** Takes how this peer wants the host to log. */
  readonly logClient?: LogClient;
  /** Called once, when the connection is gone. */
  readonly onEnd: () => void;
}

/** Serves one peer until it leaves, misbehaves or fails to authenticate. */
export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  const { service, log } = options;
  const guard = createMessageGuard(socket, {
    onViolation: (reason) => log.warn("peer cut off", { reason }),
  });
  const writer = new StreamMessageWriter(socket);
  const rpc = createMessageConnection(new StreamMessageReader(guard), writer);
  const running = new Set<AbortController>();
  const client: Client = { focused: true };
  let authenticated = false;
  let ended = false;
  let unsubscribe: (() => void) | undefined;

  function end(): void {
    if (ended) return;
    ended = true;
    clearTimeout(helloTimer);
    unsubscribe?.();
    for (const controller of running) controller.abort();
    options.inspector?.release(socket);
    rpc.dispose();
    socket.destroy();
    options.logClient?.leave();
    options.onEnd();
  }

  /** Answers, then hangs up: the peer learns why. */
  function refuse(error: CodedError): CodedError {
    log.warn("peer refused", { code: error.code });
    const write = writer.write.bind(writer);
    writer.write = async (message) => {
      await write(message);
      socket.destroySoon();
    };
    return error;
  }

  /** A connection that has just closed throws, which must not keep others from their news. */
  function notify(send: () => Promise<void>): void {
    try {
      send().catch(end);
    } catch {
      end();
    }
  }

  const helloTimer = setTimeout(end, options.helloWithinMs ?? 2000);
  socket.on("close", end);
  socket.on("error", end);
  rpc.onError(([error]) => {
    // Who leaves while something is on its way to it has done nothing wrong.
    const left = /ECONNRESET|EPIPE/.test(error.message);
    log[left ? "debug" : "warn"]("peer cut off", { reason: error.message });
    end();
  });

  rpc.onRequest(helloRequest, (raw: unknown) =>
    coded((): HelloResult => {
      const params = helloParamsSchema.safeParse(raw);
      const version = (raw as { protocolVersion?: unknown } | null)?.protocolVersion;
      if (version !== hostProtocolVersion) {
        const detail = `It speaks ${hostProtocolVersion}, the client ${String(version)}.`;
        throw refuse(new CodedError("HOST_VERSION", detail));
      }
      if (!params.success || !sameSecret(params.data.token, options.token)) {
        throw refuse(new CodedError("HOST_AUTH"));
      }
      clearTimeout(helloTimer);
      if (!authenticated) {
        authenticated = true;
        options.onAuthenticated();
        unsubscribe = service.onState((state) => {
          notify(() => rpc.sendNotification(stateNotification, state));
        });
        const { name, version: clientVersion, pid } = params.data.client;
        log.info("client connected", { client: name, clientVersion, clientPid: pid });
      }
      return {
        protocolVersion: hostProtocolVersion,
        hostVersion: options.hostVersion,
        pid: process.pid,
        state: service.state,
      };
    }),
  );

  function requireHello(): void {
    if (!authenticated) throw refuse(new CodedError("HOST_AUTH", "The first message is hello."));
  }

  /** Parses what the peer sent, and refuses whoever has not said hello. */
  function parse<Schema extends z.ZodType>(schema: Schema, raw: unknown): z.infer<Schema> {
    requireHello();
    const parsed = schema.safeParse(raw);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new CodedError("VALIDATION_ERROR", `${issue?.path.join(".")}: ${issue?.message}`);
  }

  /** Runs a request with a signal that aborts when it is cancelled or its connection is gone. */
  async function cancellable<Value>(
    token: CancellationToken,
    run: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    const controller = new AbortController();
    if (token.isCancellationRequested || ended) controller.abort();
    const subscription = token.onCancellationRequested(() => controller.abort());
    running.add(controller);
    try {
      return await run(controller.signal);
    } finally {
      running.delete(controller);
      subscription.dispose();
    }
  }

  /** Runs a request whose tokens are told to the peer; without an id they are not. */
  async function streaming<Value>(
    id: string | undefined,
    run: (push: (token: ShownToken) => void) => Promise<Value>,
  ): Promise<Value> {
    if (id === undefined) return await run(() => undefined);
    const stream = createTokenStream((shown) => {
      notify(() => rpc.sendNotification(tokenNotification, { id, ...shown }));
    });
    try {
      return await run(stream.push);
    } finally {
      stream.flush();
    }
  }

  rpc.onRequest(generateRequest, (raw: unknown, token) =>
    coded(async () => {
      const params = parse(generateParamsSchema, raw);
      return await streaming(params.id, (push) =>
        cancellable(token, (signal) => service.generate(params, push, signal, client)),
      );
    }),
  );
  rpc.onRequest(warmRequest, (raw: unknown, token) =>
    coded(async () => {
      const params = parse(warmParamsSchema, raw);
      return await cancellable(token, (signal) => service.warm(params, signal, client));
    }),
  );
  rpc.onRequest(scoreRequest, (raw: unknown, token) =>
    coded(async () => {
      const params = parse(scoreParamsSchema, raw);
      const result = await cancellable(token, (signal) => service.score(params, signal, client));
      return result ?? new ResponseError<void>(requestCancelled, "The request was cancelled.");
    }),
  );
  rpc.onRequest(askRequest, (raw: unknown, token) =>
    coded(async () => {
      const params = parse(askParamsSchema, raw);
      return await streaming(params.id, (push) =>
        cancellable(token, (signal) => service.ask(params, signal, client, push)),
      );
    }),
  );
  rpc.onRequest(decideRequest, (raw: unknown, token) =>
    coded(async () => {
      const params = parse(decideParamsSchema, raw);
      return await cancellable(token, (signal) => service.decide(params, signal, client));
    }),
  );
  rpc.onRequest(weighRequest, (raw: unknown, token) =>
    coded(async () => {
      const params = parse(weighParamsSchema, raw);
      const { id } = params;
      const tell = (weighed: Omit<WeighedNotification, "id">): void => {
        notify(() => rpc.sendNotification(weighedNotification, { id, ...weighed }));
      };
      return (
        (await cancellable(token, (signal) => service.weigh(params, tell, signal, client))) ?? null
      );
    }),
  );
  rpc.onRequest(tokenizeRequest, (raw: unknown) =>
    coded(async () => ({
      tokens: await service.tokenize(parse(tokenizeParamsSchema, raw).texts),
    })),
  );
  rpc.onRequest(hostHealthRequest, () =>
    coded(() => {
      requireHello();
      return options.health();
    }),
  );
  rpc.onRequest(inspectRequest, (raw: unknown) =>
    coded(() => {
      const { on } = parse(inspectParamsSchema, raw);
      if (on) return { url: options.inspector?.hold(socket) ?? null };
      options.inspector?.release(socket);
      return { url: null };
    }),
  );
  rpc.onRequest(retireRequest, () =>
    coded(() => {
      requireHello();
      setImmediate(options.onRetire);
      return null;
    }),
  );
  rpc.onRequest(supersedeRequest, (raw: unknown) =>
    coded(() => {
      const { hostVersion } = parse(supersedeParamsSchema, raw);
      return { leaves: options.onSupersede(hostVersion) };
    }),
  );
  rpc.onNotification(focusNotification, (raw: unknown) => {
    const focus = focusParamsSchema.safeParse(raw);
    if (focus.success) client.focused = focus.data.focused;
  });
  rpc.onNotification(logSettingsNotification, (raw: unknown) => {
    const settings = hostLogSettingsSchema.safeParse(raw);
    if (authenticated && settings.success) options.logClient?.set(settings.data);
  });
  rpc.listen();
}

/** What a request handler throws, as a response that carries its code. */
async function coded<Value>(handle: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await handle();
  } catch (thrown) {
    const error = toCodedError(thrown);
    throw new ResponseError(codedErrorRpcCode, error.message, error.toData());
  }
}

function sameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
