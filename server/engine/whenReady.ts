import type { CodedError } from "../protocol/errors.ts";
import type { Clock } from "./clock.ts";
import type { Engine, EngineState } from "./engine.ts";

/** How waiting for a model ended. */
export type Readiness =
  | { readonly kind: "ready"; readonly state: Extract<EngineState, { kind: "ready" }> }
  | { readonly kind: "failed"; readonly error: CodedError }
  /** The time was over; the state it was in then. */
  | { readonly kind: "late"; readonly state: EngineState }
  | { readonly kind: "cancelled" };

export interface WaitOptions {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly atMostMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Do not wait for the next try of an engine that failed and is tried again by itself. */
  readonly firstFailure?: boolean;
}

/** Waits for an engine that was started; starts nothing, and never rejects. */
export function whenReady(
  engine: Pick<Engine, "state" | "onState">,
  { clock, atMostMs, signal, firstFailure = false }: WaitOptions,
): Promise<Readiness> {
  const readinessOf = (state: EngineState): Readiness | undefined => {
    if (state.kind === "ready") return { kind: "ready", state };
    if (state.kind !== "failed" && state.kind !== "restarting") return undefined;
    const { kind, error } = state;
    // A host is back in seconds; when servers elsewhere are, nobody here knows.
    const isOver = kind === "failed" || firstFailure || error.code === "ENDPOINTS_DOWN";
    return isOver ? { kind: "failed", error } : undefined;
  };
  if (signal?.aborted === true) return Promise.resolve({ kind: "cancelled" });
  const known = readinessOf(engine.state);
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((resolve) => {
    const finish = (readiness: Readiness): void => {
      cancelTimer();
      unsubscribe();
      signal?.removeEventListener("abort", onAbort);
      resolve(readiness);
    };
    const onAbort = (): void => finish({ kind: "cancelled" });
    signal?.addEventListener("abort", onAbort, { once: true });
    const unsubscribe = engine.onState((state) => {
      const readiness = readinessOf(state);
      if (readiness !== undefined) finish(readiness);
    });
    const cancelTimer = clock.after(atMostMs, () => finish({ kind: "late", state: engine.state }));
  });
}

/**
 * Waits for an engine, which is started where it is stopped, and where it failed for good only with
 * reason `explicit`.
 */
export function startWhenReady(
  engine: Pick<Engine, "state" | "onState" | "start">,
  reason: "background" | "explicit",
  options: WaitOptions,
): Promise<Readiness> {
  const { kind } = engine.state;
  const isAsleep =
    kind === "stopped" || kind === "unloaded" || (kind === "failed" && reason === "explicit");
  if (isAsleep && options.signal?.aborted !== true) engine.start(reason);
  return whenReady(engine, options);
}
