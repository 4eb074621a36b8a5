import type { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import { rememberSpeed, type MeasuredSpeed } from "../models/fit/speeds.ts";
import type { HostHealth } from "../protocol/host.ts";

export interface KeepSpeedsOptions {
  readonly homePath: string;
  readonly clock: Clock;
  readonly engine: Pick<Engine, "health">;
  readonly completer: { onGenerated(listener: () => void): () => void };
  readonly remember?: (homePath: string, speed: MeasuredSpeed) => Promise<void>;
}

/** The host's figures need some texts to become steady. */
const enoughGenerations = 10;
/** Nobody types then: the question costs no keystroke. */
const quietMs = 5000;
const againMs = 10 * 60_000;

/**
 * Keeps how fast the loaded model runs, by which is told how fast others will be: asked for in a
 * pause after some suggestions, and not again for minutes. Returns what ends it.
 */
export function keepSpeeds(options: KeepSpeedsOptions): () => void {
  const { homePath, clock, engine, completer, remember = rememberSpeed } = options;
  let generations = 0;
  let notBefore = -Infinity;
  let cancel: (() => void) | undefined;

  async function keep(): Promise<void> {
    cancel = undefined;
    generations = 0;
    notBefore = clock.now() + againMs;
    const outcome = await engine.health();
    const speed = outcome.kind === "done" ? speedOf(outcome.value) : undefined;
    if (speed !== undefined) await remember(homePath, speed);
  }

  const end = completer.onGenerated(() => {
    generations += 1;
    if (generations < enoughGenerations || clock.now() < notBefore) return;
    cancel?.();
    cancel = clock.after(quietMs, () => {
      // What cannot be asked now can be asked later.
      keep().catch(() => undefined);
    });
  });
  return () => {
    end();
    cancel?.();
  };
}

function speedOf(health: HostHealth): MeasuredSpeed | undefined {
  const { state, modelBytes, speed, layers } = health;
  const { prefill, decode } = speed;
  // Half on the GPU is the speed of neither.
  if (layers !== undefined && layers.gpu > 0 && layers.gpu < layers.total) return undefined;
  if (state.kind !== "ready" || (prefill === undefined && decode === undefined)) return undefined;
  return {
    modelPath: state.model.path,
    weightsBytes: modelBytes ?? state.model.fileSizeBytes,
    parameters: state.model.parameters,
    backend: state.backend.used,
    ...(prefill === undefined ? {} : { prefillPerSecond: prefill }),
    ...(decode === undefined ? {} : { decodePerSecond: decode }),
  };
}
