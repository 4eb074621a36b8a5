import type { Socket } from "node:net";
import {
  CancellationTokenSource,
  createMessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type NotificationType,
  type RequestType,
  type RequestType0,
} from "vscode-jsonrpc/node";
import type { z } from "zod";
import { CodedError, codedErrorSchema } from "../../protocol/errors.ts";
import {
  codedErrorRpcCode,
  hostStateSchema,
  stateNotification,
  tokenNotification,
  tokenNotificationSchema,
  weighedNotification,
  weighedNotificationSchema,
  type HostState,
  type TokenNotification,
  type WeighedNotification,
} from "../../protocol/host.ts";
import { createMessageGuard } from "../../state/messageGuard.ts";
import type { Clock } from "../clock.ts";
import type { EngineOutcome } from "../engine.ts";

/** One connection to a model host. Every call on it settles, whatever becomes of the host. */
export interface HostConnection {
  /**
   * Sends a request. A signal tells the host to stop and settles the call as cancelled, or, within
   * a moment, with what the host says of it; what it says later goes to `onLate`.
   */
  call<Params, Result>(
    type: RequestType<Params, Result, void> | RequestType0<Result, void>,
    params: Params,
    schema: z.ZodType<Result>,
    signal?: AbortSignal,
    onLate?: (result: Result) => void,
  ): Promise<EngineOutcome<Result>>;
  /** Sends what needs no answer; what has ended is told nothing. */
  notify<Params>(type: NotificationType<Params>, params: Params): void;
  /** Receives the tokens of one generation; returns what ends that. */
  onToken(id: string, listener: (token: TokenNotification) => void): () => void;
  /** Receives what one weighing tells on its way; returns what ends that. */
  onWeighed(id: string, listener: (weighed: WeighedNotification) => void): () => void;
  /** Receives the host's states; the last one that already came, at once. */
  onState(listener: (state: HostState) => void): void;
  /** Called once when the connection has ended, with the reason; at once if it has. */
  onEnd(listener: (reason: CodedError) => void): void;
  /** Calls that are not settled. */
  readonly pending: number;
  /** Messages received so far: any of them is a sign of life. */
  readonly received: number;
  /** Ends it: settles every call with the reason. Safe to call twice; the first reason counts. */
  end(reason: CodedError): void;
}

/** How long a cancelled call waits for the host to tell what it cost. */
const cancelledWithinMs = 100;

/** A host's last words, that it retires, are heard although it hung up right after them. */
const turnsAfterClose = 20;

/** Takes over a connected socket. */
export function createHostConnection(socket: Socket, clock: Clock): HostConnection {
  const incoming = createMessageGuard(socket, {
    onViolation: (what) => end(new CodedError("HOST_DIED", `It sent ${what}.`)),
  });
  const rpc = createMessageConnection(
    new StreamMessageReader(incoming),
    new StreamMessageWriter(socket),
  );
  const tokens = new Map<string, (token: TokenNotification) => void>();
  const weighings = new Map<string, (weighed: WeighedNotification) => void>();
  const unsettled = new Set<(reason: CodedError) => void>();
  const stateListeners: ((state: HostState) => void)[] = [];
  const endListeners: ((reason: CodedError) => void)[] = [];
  let ended: CodedError | undefined;
  let lastState: HostState | undefined;
  let received = 0;

  function end(reason: CodedError): void {
    if (ended !== undefined) return;
    ended = reason;
    for (const settle of [...unsettled]) settle(reason);
    rpc.dispose();
    socket.destroy();
    for (const listener of endListeners) listener(reason);
  }

  socket.on("data", () => (received += 1));
  socket.on("error", (thrown) => end(new CodedError("HOST_DIED", thrown.message, thrown)));
  socket.on("close", () => afterTurns(turnsAfterClose, () => end(new CodedError("HOST_DIED"))));
  rpc.onError(([thrown]) => {
    // Whatever comes after a message that cannot be read is out of step too.
    end(new CodedError("HOST_DIED", `It sent what is not a message: ${thrown.message}`, thrown));
  });
  rpc.onNotification(tokenNotification, (params) => {
    const token = tokenNotificationSchema.safeParse(params);
    if (token.success) tokens.get(token.data.id)?.(token.data);
  });
  rpc.onNotification(weighedNotification, (params) => {
    const weighed = weighedNotificationSchema.safeParse(params);
    if (weighed.success) weighings.get(weighed.data.id)?.(weighed.data);
  });
  rpc.onNotification(stateNotification, (params) => {
    const state = hostStateSchema.safeParse(params);
    if (!state.success) return;
    lastState = state.data;
    for (const listener of stateListeners) listener(state.data);
  });
  rpc.listen();
  if (socket.destroyed) end(new CodedError("HOST_DIED"));

  return {
    call<Params, Result>(
      type: RequestType<Params, Result, void> | RequestType0<Result, void>,
      params: Params,
      schema: z.ZodType<Result>,
      signal?: AbortSignal,
      onLate?: (result: Result) => void,
    ): Promise<EngineOutcome<Result>> {
      if (ended !== undefined) return Promise.resolve({ kind: "failed", error: ended });
      if (signal?.aborted) return Promise.resolve({ kind: "cancelled" });
      return new Promise((resolve) => {
        const source = new CancellationTokenSource();
        let stopWaiting: () => void = () => undefined;
        const settle = (outcome: EngineOutcome<Result>): void => {
          unsettled.delete(fail);
          stopWaiting();
          signal?.removeEventListener("abort", abort);
          resolve(outcome);
        };
        const fail = (error: CodedError): void =>
          settle(signal?.aborted ? { kind: "cancelled" } : { kind: "failed", error });
        const abort = (): void => {
          stopWaiting = clock.after(cancelledWithinMs, () => settle({ kind: "cancelled" }));
          source.cancel();
        };
        unsettled.add(fail);
        signal?.addEventListener("abort", abort, { once: true });
        const answer: Promise<unknown> =
          params === undefined
            ? rpc.sendRequest(type.method, source.token)
            : rpc.sendRequest(type.method, params, source.token);
        answer.then(
          (result) => {
            const parsed = schema.safeParse(result);
            const isLate = !unsettled.has(fail);
            if (parsed.success && isLate) onLate?.(parsed.data);
            else if (parsed.success) settle({ kind: "done", value: parsed.data });
            else
              fail(new CodedError("INTERNAL_ERROR", `The answer to ${type.method} is malformed.`));
          },
          (thrown: unknown) => fail(ended ?? asCodedError(thrown)),
        );
      });
    },
    notify(type, params) {
      if (ended !== undefined) return;
      try {
        rpc.sendNotification(type.method, params).catch(() => undefined);
      } catch {
        // A connection that has just closed throws, and says so itself.
      }
    },
    onToken(id, listener) {
      tokens.set(id, listener);
      return () => tokens.delete(id);
    },
    onWeighed(id, listener) {
      weighings.set(id, listener);
      return () => weighings.delete(id);
    },
    onState(listener) {
      stateListeners.push(listener);
      if (lastState !== undefined) listener(lastState);
    },
    onEnd(listener) {
      if (ended === undefined) endListeners.push(listener);
      else listener(ended);
    },
    get pending() {
      return unsettled.size;
    },
    get received() {
      return received;
    },
    end,
  };
}

/** The connection hands out what it has read one message a turn of the event loop. */
function afterTurns(turns: number, callback: () => void): void {
  if (turns === 0) callback();
  else setImmediate(() => afterTurns(turns - 1, callback));
}

function asCodedError(thrown: unknown): CodedError {
  if (thrown instanceof ResponseError && thrown.code === codedErrorRpcCode) {
    const data = codedErrorSchema.safeParse(thrown.data);
    if (data.success) return CodedError.fromData(data.data);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CodedError("INTERNAL_ERROR", message, thrown);
}
