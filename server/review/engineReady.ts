import type { Clock } from "../engine/clock.ts";
import type { Engine, EngineState } from "../engine/engine.ts";
import { CodedError } from "../protocol/errors.ts";

/** How waiting for a model ended. */
export type Readiness =
  | { readonly kind: "ready"; readonly state: Extract<EngineState, { kind: "ready" }> }
  | { readonly kind: "failed"; readonly error: CodedError }
  | { readonly kind: "cancelled" };

/**
 * Waits for an engine that is starting, at most so many milliseconds; one that is stopped is started.
 * An engine that failed for good is not waited for.
 */
export function waitUntilReady(
  engine: Pick<Engine, "state" | "onState" | "start">,
  clock: Clock,
  atMostMs: number,
  reason: "background" | "explicit",
  signal: AbortSignal,
): Promise<Readiness> {
  if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
  const { kind } = engine.state;
  if (kind === "stopped" || (kind === "failed" && reason === "explicit")) engine.start(reason);
  const known = readinessOf(engine.state);
  if (known !== undefined) return Promise.resolve(known);
  return new Promise((resolve) => {
    const finish = (readiness: Readiness) => {
      cancelTimer();
      unsubscribe();
      signal.removeEventListener("abort", onAbort);
      resolve(readiness);
    };
    const onAbort = () => finish({ kind: "cancelled" });
    signal.addEventListener("abort", onAbort);
    const unsubscribe = engine.onState((state) => {
      const readiness = readinessOf(state);
      if (readiness !== undefined) finish(readiness);
    });
    const cancelTimer = clock.after(atMostMs, () => {
      const { state } = engine;
      const error = "error" in state ? state.error : new CodedError("MODEL_UNAVAILABLE");
      finish({ kind: "failed", error });
    });
  });
}

function readinessOf(state: EngineState): Readiness | undefined {
  if (state.kind === "ready") return { kind: "ready", state };
  return state.kind === "failed" ? { kind: "failed", error: state.error } : undefined;
}
