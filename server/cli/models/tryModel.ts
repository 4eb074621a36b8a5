import { compose, type Product } from "../../compose/compose.ts";
import type { Engine, EngineState } from "../../engine/engine.ts";
import { trialRequest } from "../../engine/trialRequest.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { UseModelRecord } from "../../protocol/models.ts";
import { modelReady } from "../modelReady.ts";
import { Interrupted } from "../outcome.ts";
import { switchInPlace } from "./switchInPlace.ts";
import { trySuggestion } from "../trySuggestion.ts";
import { localBackend } from "../../engine/localBackend.ts";

/** A large model on a slow disk may take this long; what takes longer is not coming. */
const patienceMs = 180_000;

/**
 * Loads a model beside the one in use, in a host of its own that others can go on with, and asks it
 * for a suggestion. Where memory holds only one, the one in use makes room, and comes back if the new
 * one does not work.
 * @throws CodedError why it does not work; Interrupted where `signal` ended the trial
 */
export async function tryModel(
  product: Product,
  modelPath: string,
  signal: AbortSignal,
): Promise<UseModelRecord["trial"]> {
  const { settings } = product;
  try {
    const wanted = { ...settings, "model.path": modelPath };
    return await runTrial(product, wanted, signal, async (trial) => {
      const limits = { atMostMs: patienceMs, firstFailure: true };
      return (await modelReady(trial, signal, limits)).backend;
    });
  } catch (thrown) {
    const isFull = thrown instanceof CodedError && thrown.code === "MEMORY_ERROR";
    if (!isFull || modelPath === product.modelPath) throw thrown;
    return runTrial(product, settings, signal, (trial) => switchInPlace(trial, modelPath, signal));
  }
}

type Backend = Extract<EngineState, { kind: "ready" }>["backend"];

async function runTrial(
  { productRoot, clock }: Product,
  settings: Settings,
  signal: AbortSignal,
  load: (trial: Product) => Promise<Backend>,
): Promise<UseModelRecord["trial"]> {
  const logName = `cli-${process.pid}`;
  const trial = compose({ clientName: "model trial", logName, settings, productRoot, clock });
  try {
    const startedAt = clock.now();
    const { used, fallbackReason } = localBackend(await load(trial));
    const loadedAt = clock.now();
    const text = await complete(trial, signal);
    return {
      ...{ text, backend: used },
      ...(fallbackReason === undefined ? {} : { fallbackReason }),
      loadMs: Math.round(loadedAt - startedAt),
      completionMs: Math.round(clock.now() - loadedAt),
    };
  } finally {
    trial.dispose();
  }
}

/** What it suggests; empty where it wrote something that is not worth showing. */
async function complete(trial: Product, signal: AbortSignal): Promise<string> {
  const text = await trySuggestion(trial, signal);
  if (signal.aborted) throw new Interrupted();
  if (text !== "" || (await writesText(trial.engine, signal))) return text;
  throw new CodedError(
    "MODEL_INVALID",
    "It answered a test completion with nothing: its weights may be damaged.",
  );
}

/** Tokens whose probability is no number are never heard of. */
async function writesText(engine: Engine, signal: AbortSignal): Promise<boolean> {
  let text = "";
  const outcome = await engine.generate(trialRequest, (token) => (text += token.text), signal);
  if (outcome.kind === "failed") throw outcome.error;
  if (outcome.kind === "cancelled") throw new Interrupted();
  return text !== "";
}
