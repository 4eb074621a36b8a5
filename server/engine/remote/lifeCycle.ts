import { errorTable, toCodedError, type CodedError } from "../../protocol/errors.ts";
import type { Clock } from "../clock.ts";
import type { EngineState } from "../engine.ts";
import type { Dialect } from "./dialects/dialect.ts";

export interface LifeCycleOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly probe: (signal: AbortSignal) => Promise<Dialect>;
  readonly onChange: (state: EngineState) => void;
}

/** Probes an endpoint until it can be used, and again when it cannot be used any more. */
export interface LifeCycle {
  readonly state: EngineState;
  /** What it speaks; while it is away, what it spoke last. */
  readonly dialect: Dialect | undefined;
  /** Begins to probe where it stands still; `explicit` also where it failed. */
  start(reason: "background" | "explicit"): void;
  /** Forgets what is known and probes anew. */
  restart(): void;
  /** Told of a failure of a request: where it says that the endpoint is away, it is probed. */
  failed(error: CodedError): void;
  dispose(): void;
}

const firstPauseMs = 1000;
const longestPauseMs = 60_000;
/** A model is being loaded there: soon over, and nothing to wait longer and longer for. */
const loadingPauseMs = 2000;

/** Failures of a request that tell that the server is gone or is another one by now. */
const tellsOfAbsence = new Set([
  "ENDPOINT_DNS",
  "ENDPOINT_UNREACHABLE",
  "ENDPOINT_TLS",
  "ENDPOINT_PROXY",
  "ENDPOINT_AUTH",
  "ENDPOINT_NOT_FOUND",
  "ENDPOINT_MODEL",
]);

export function createLifeCycle(options: LifeCycleOptions): LifeCycle {
  const { clock, random, onChange } = options;
  let state: EngineState = { kind: "stopped" };
  let dialect: Dialect | undefined;
  let failures = 0;
  let isDisposed = false;
  let cancelPause = (): void => undefined;
  let probing: AbortController | undefined;

  function enter(next: EngineState): void {
    state = next;
    onChange(next);
  }

  function begin(): void {
    cancelPause();
    probing?.abort();
    const current = new AbortController();
    probing = current;
    options.probe(current.signal).then(
      (found) => {
        if (current.signal.aborted) return;
        dialect = found;
        failures = 0;
        const backend = { requested: "remote", used: "remote" } as const;
        enter({ kind: "ready", model: found.model, backend });
      },
      (thrown: unknown) => {
        if (!current.signal.aborted) absent(toCodedError(thrown));
      },
    );
  }

  /** What to do about an endpoint that cannot be used. */
  function absent(error: CodedError): void {
    const pauseMs = pauseAfter(error);
    if (error.code === "ENDPOINT_BUSY" && dialect === undefined) {
      enter({ kind: "starting", why: error.message });
    } else if (isForGood(error, dialect !== undefined)) {
      enter({ kind: "failed", error });
      return;
    } else {
      enter({ kind: "restarting", error, retryInMs: pauseMs });
    }
    cancelPause();
    cancelPause = clock.after(pauseMs, begin);
  }

  function pauseAfter({ code, retryAfterMs }: CodedError): number {
    const grown = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
    failures = Math.min(failures + 1, 16);
    // Spread, so that many windows do not ask a server that returns all at once.
    const usual = (code === "ENDPOINT_BUSY" ? Math.min(grown, loadingPauseMs) : grown) * spread();
    return Math.round(Math.max(usual, Math.min(retryAfterMs ?? 0, longestPauseMs)));
  }

  const spread = (): number => 0.75 + random() * 0.5;

  return {
    get state() {
      return state;
    },
    get dialect() {
      return dialect;
    },
    start(reason) {
      const isStill =
        state.kind === "stopped" || (reason === "explicit" && state.kind === "failed");
      const waits = reason === "explicit" && state.kind === "restarting";
      if (isDisposed || (!isStill && !waits)) return;
      if (isStill) enter({ kind: "starting" });
      begin();
    },
    restart() {
      if (isDisposed) return;
      dialect = undefined;
      failures = 0;
      enter({ kind: "starting" });
      begin();
    },
    failed(error) {
      if (isDisposed || state.kind !== "ready" || !tellsOfAbsence.has(error.code)) return;
      absent(error);
    },
    dispose() {
      isDisposed = true;
      cancelPause();
      probing?.abort();
      if (state.kind !== "stopped") enter({ kind: "stopped" });
    },
  };
}

/**
 * Whether only a setting can mend it. What worked with the same settings before will work again: a
 * balancer answers 404, and with a certificate of its own, while the server behind it starts.
 */
function isForGood({ code }: CodedError, hasWorked: boolean): boolean {
  if (code === "ENDPOINT_AUTH") return true;
  return !errorTable[code].retryable && !hasWorked;
}
