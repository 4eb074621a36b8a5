import { CodedError, codedErrorSchema } from "../../server/protocol/errors.ts";
import {
  viewMessageSchema,
  type ViewEvent,
  type ViewRequest,
} from "../../server/protocol/webview.ts";
import type { Clock } from "../clock.ts";

/** The process that reads the logs, as its channel shows it. */
export interface ReaderProcess {
  send(message: ViewRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with why it ended, as a sentence. */
  onEnd(listener: (reason: string) => void): void;
  kill(): void;
}

export interface LogReaderOptions {
  readonly start: () => ReaderProcess;
  readonly clock: Clock;
  readonly onEvent: (event: ViewEvent) => void;
  /** The process has ended without being asked; `restarted` says that there is a new one. */
  readonly onEnd: (state: "restarted" | "stopped", reason: string) => void;
}

/** The reader of the log files, in a process of its own, so that large files do not hold up the editor. */
export interface LogReader {
  /**
   * Asks the process, which is started by the first request. Settles in any case: a process that has
   * ended, or says nothing for too long, rejects with `INTERNAL_ERROR`.
   */
  request(method: string, params: unknown): Promise<unknown>;
  /** Starts it anew, whatever it does now. */
  restart(): void;
  dispose(): void;
}

interface Asked {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: CodedError) => void;
}

/** A process that lived this long may be started again by itself when it ends. */
const steadyMs = 60_000;
/** Silence after which it is asked for a sign of life, and the time it has for that. */
const silenceMs = 15_000;

export function createLogReader(options: LogReaderOptions): LogReader {
  const { clock } = options;
  const waiting = new Map<number, Asked>();
  let current: ReaderProcess | undefined;
  let startedAt = 0;
  let restarts = 0;
  let requests = 0;
  let heardAt = 0;
  let stopped: string | undefined;
  let cancelWatch: (() => void) | undefined;
  let disposed = false;

  function start(): ReaderProcess {
    const started = options.start();
    current = started;
    startedAt = clock.now();
    started.onMessage((message) => {
      if (current === started) receive(message);
    });
    started.onEnd((reason) => {
      if (current === started) onEnd(reason);
    });
    return started;
  }

  function receive(raw: unknown): void {
    heardAt = clock.now();
    const message = viewMessageSchema.safeParse(raw).data;
    if (message?.kind === "event") options.onEvent(message);
    if (message?.kind !== "response") return;
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) asked?.resolve(message.result);
    else asked?.reject(errorOf(message.error));
  }

  function settleAll(reason: string): void {
    cancelWatch?.();
    cancelWatch = undefined;
    const all = [...waiting.values()];
    waiting.clear();
    for (const asked of all) asked.reject(new CodedError("INTERNAL_ERROR", reason));
  }

  function onEnd(reason: string): void {
    if (clock.now() - startedAt >= steadyMs) restarts = 0;
    current = undefined;
    settleAll(reason);
    if (restarts === 0) {
      restarts = 1;
      start();
      options.onEnd("restarted", reason);
    } else {
      stopped = reason;
      options.onEnd("stopped", reason);
    }
  }

  function end(reason: string): void {
    const ended = current;
    current = undefined;
    ended?.kill();
    settleAll(reason);
  }

  /** While an answer is awaited: a process that says nothing is asked, and ended if it does not answer. */
  function watch(askedAt: number | undefined): void {
    cancelWatch = clock.after(silenceMs, () => {
      cancelWatch = undefined;
      const watched = current;
      if (watched === undefined || waiting.size === 0) return;
      const silent = clock.now() - heardAt >= silenceMs;
      if (silent && askedAt !== undefined && heardAt < askedAt) {
        watched.kill();
        onEnd("The log reader does not answer.");
        return;
      }
      if (silent) watched.send({ kind: "request", id: 0, method: "files", params: {} });
      watch(silent ? clock.now() : undefined);
    });
  }

  return {
    request(method, params) {
      if (disposed || stopped !== undefined) {
        const reason = stopped ?? "The log viewer is closed.";
        return Promise.reject(new CodedError("INTERNAL_ERROR", reason));
      }
      const reader = current ?? start();
      requests += 1;
      const id = requests;
      const answer = new Promise<unknown>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
      });
      if (cancelWatch === undefined) {
        heardAt = clock.now();
        watch(undefined);
      }
      reader.send({ kind: "request", id, method, params });
      return answer;
    },
    restart() {
      end("The log reader was started anew.");
      restarts = 0;
      stopped = undefined;
      if (!disposed) start();
    },
    dispose() {
      disposed = true;
      end("The log viewer is closed.");
    },
  };
}

function errorOf(error: { code: string; message: string; remedy: string }): CodedError {
  const data = codedErrorSchema.safeParse({ ...error, retryable: false }).data;
  return data === undefined
    ? new CodedError("INTERNAL_ERROR", error.message)
    : CodedError.fromData(data);
}
