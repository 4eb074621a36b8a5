import type { Product } from "../compose/compose.ts";
import type { EngineState } from "../engine/engine.ts";
import { whenReady } from "../engine/whenReady.ts";
import { CodedError } from "../protocol/errors.ts";
import { Interrupted } from "./outcome.ts";

/** A large model on a slow disk may take this long; what takes longer is not coming. */
const patienceMs = 120_000;

export interface ReadyOptions {
  /** How long loading may take, in milliseconds. */
  readonly atMostMs?: number;
  /** Ends the wait with the first failure, instead of after the engine's own tries. */
  readonly firstFailure?: boolean;
}

/**
 * Starts the model and waits until it is loaded.
 * @throws CodedError why it cannot be used; Interrupted where `signal` ended the wait.
 */
export async function modelReady(
  { engine, clock }: Pick<Product, "engine" | "clock">,
  signal?: AbortSignal,
  { atMostMs = patienceMs, firstFailure = false }: ReadyOptions = {},
): Promise<Extract<EngineState, { kind: "ready" }>> {
  if (signal?.aborted !== true) engine.start("explicit");
  const ready = await whenReady(engine, { clock, atMostMs, signal, firstFailure });
  switch (ready.kind) {
    case "ready":
      return ready.state;
    case "failed":
      throw ready.error;
    case "cancelled":
      throw new Interrupted();
    case "late":
      throw new CodedError("TIMEOUT_ERROR", "The model was not loaded in time.");
  }
}
