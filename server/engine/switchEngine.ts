import type { Engine, EngineState } from "./engine.ts";

/** An engine whose inner engine can be exchanged while in use. */
export interface SwitchEngine extends Engine {
  /**
   * Puts another engine in place. A ready engine goes on serving until the next one is ready or
   * has failed, so that a change of the model leaves no gap.
   */
  use(next: Engine): void;
}

export interface SwitchEngineOptions {
  readonly initial: Engine;
  /** Takes leave of an engine that was replaced; default: disposes it. */
  readonly retire?: (engine: Engine) => void;
}

export function createSwitchEngine(options: SwitchEngineOptions): SwitchEngine {
  const { initial, retire = (engine: Engine) => engine.dispose() } = options;
  const listeners = new Set<(state: EngineState) => void>();
  let current = initial;
  let waiting: { readonly engine: Engine; readonly stop: () => void } | undefined;
  let stopListening = current.onState(emit);

  function emit(state: EngineState): void {
    for (const listener of listeners) listener(state);
  }

  function dropWaiting(): void {
    waiting?.stop();
    waiting?.engine.dispose();
    waiting = undefined;
  }

  function put(next: Engine): void {
    stopListening();
    const old = current;
    current = next;
    stopListening = next.onState(emit);
    retire(old);
    emit(next.state);
  }

  return {
    get state() {
      return current.state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    use(next) {
      dropWaiting();
      if (current.state.kind !== "ready") {
        put(next);
        return;
      }
      const stop = next.onState(({ kind }) => {
        if (kind !== "ready" && kind !== "failed") return;
        stop();
        waiting = undefined;
        put(next);
      });
      waiting = { engine: next, stop };
      next.start("background");
    },
    start: (reason) => current.start(reason),
    restart: () => current.restart(),
    generate: (request, onToken, signal) => current.generate(request, onToken, signal),
    warm: (request, signal) => current.warm(request, signal),
    score: (request, signal) => current.score(request, signal),
    tokenize: (texts) => current.tokenize(texts),
    health: () => current.health(),
    dispose() {
      dropWaiting();
      stopListening();
      listeners.clear();
      current.dispose();
    },
  };
}
