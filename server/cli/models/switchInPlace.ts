import type { Product } from "../../compose/compose.ts";
import type { EngineState } from "../../engine/engine.ts";
import { CodedError } from "../../protocol/errors.ts";
import { modelReady } from "../modelReady.ts";
import { Interrupted } from "../outcome.ts";

/** The old model is unloaded and, if the new one does not work, loaded again. */
const patienceMs = 300_000;

/**
 * Changes from the model in use to another, where memory holds only one of them: the old one makes
 * room, and comes back if the new one does not answer.
 * @returns what the new one runs on
 * @throws CodedError why the new one does not work; Interrupted
 */
export async function switchInPlace(
  product: Pick<Product, "engine" | "clock" | "apply" | "settings">,
  modelPath: string,
  signal: AbortSignal,
): Promise<Extract<EngineState, { kind: "ready" }>["backend"]> {
  const { engine, clock } = product;
  await modelReady(product, signal);
  product.apply({ ...product.settings, "model.path": modelPath });
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      cancelTimer();
      unsubscribe();
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    const onAbort = (): void => finish(() => reject(new Interrupted()));
    const look = (state: EngineState): void => {
      if (state.kind === "failed") finish(() => reject(state.error));
      else if (state.kind !== "ready" || state.switchingTo !== undefined) return;
      else if (state.switchFailure !== undefined) {
        const failure = state.switchFailure;
        finish(() => reject(failure));
      } else if (state.model.path === modelPath) finish(() => resolve(state.backend));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const cancelTimer = clock.after(patienceMs, () =>
      finish(() => reject(new CodedError("TIMEOUT_ERROR", "The model was not loaded in time."))),
    );
    const unsubscribe = engine.onState(look);
    look(engine.state);
    if (signal.aborted) onAbort();
  });
}
