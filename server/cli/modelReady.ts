import type { Product } from "../compose/compose.ts";
import type { EngineState } from "../engine/engine.ts";
import { CodedError } from "../protocol/errors.ts";
import { Interrupted } from "./outcome.ts";

/** A large model on a slow disk may take this long; what takes longer is not coming. */
const patienceMs = 120_000;

/**
 * Starts the model and waits until it is loaded.
 * @throws CodedError why it cannot be used; Interrupted where `signal` ended the wait.
 */
export function modelReady(
  { engine, clock }: Pick<Product, "engine" | "clock">,
  signal?: AbortSignal,
): Promise<Extract<EngineState, { kind: "ready" }>> {
  return new Promise((resolve, reject) => {
    let stop = (): void => undefined;
    const interrupt = (): void => {
      stop();
      cancel();
      reject(new Interrupted());
    };
    const cancel = clock.after(patienceMs, () => {
      stop();
      signal?.removeEventListener("abort", interrupt);
      reject(new CodedError("TIMEOUT_ERROR", "The model was not loaded in time."));
    });
    const look = (state: EngineState): void => {
      if (state.kind !== "ready" && state.kind !== "failed") return;
      stop();
      cancel();
      signal?.removeEventListener("abort", interrupt);
      if (state.kind === "ready") resolve(state);
      else reject(state.error);
    };
    if (signal?.aborted === true) {
      interrupt();
      return;
    }
    signal?.addEventListener("abort", interrupt, { once: true });
    stop = engine.onState(look);
    engine.start("explicit");
    look(engine.state);
  });
}
