import type { ChatEngine, Engine, EngineOutcome, EngineState } from "./engine.ts";
import type { LocalEngine } from "./local/localEngine.ts";

/** What may take the place of the local engine. */
export interface RemoteChoice extends Engine, ChatEngine {
  setFallback(fallback: (Engine & ChatEngine) | undefined): void;
}

/**
 * Requests go to the engine that is selected; what only a host has (its configuration, its log, its
 * inspector) is of the local one. Not disposed with it: a remote engine.
 */
export interface SelectedEngine extends LocalEngine {
  /**
   * Takes another engine into use; what runs on the one before ends there.
   * @param remote undefined: the local engine
   * @param fallback whether the local engine answers where the remote one cannot
   */
  select(remote: RemoteChoice | undefined, fallback: boolean): void;
}

/** @param createLocal makes a local engine that is stopped; called again after one was let go */
export function createSelectedEngine(createLocal: () => LocalEngine): SelectedEngine {
  const listeners = new Set<(state: EngineState) => void>();
  let local = createLocal();
  let remote: RemoteChoice | undefined;
  let focused: boolean | undefined;
  let disposed = false;
  const running = new Map<Engine, number>();
  const leaving = new Set<LocalEngine>();
  const tell = (state: EngineState): void => {
    for (const listener of [...listeners]) listener(state);
  };
  let stopListening = local.onState(tell);
  const current = (): Engine & ChatEngine => remote ?? local;

  /** Counts what runs, so that an engine that is left is not disposed under it. */
  async function use<Value>(
    call: (engine: Engine & ChatEngine) => Promise<EngineOutcome<Value>>,
  ): Promise<EngineOutcome<Value>> {
    const engine = current();
    running.set(engine, (running.get(engine) ?? 0) + 1);
    try {
      return await call(engine);
    } finally {
      const left = (running.get(engine) ?? 1) - 1;
      if (left > 0) running.set(engine, left);
      else running.delete(engine);
      for (const one of [...leaving]) letGo(one);
    }
  }

  /** The host is let go of, which ends when nobody else needs it. */
  function letGo(engine: LocalEngine): void {
    leaving.add(engine);
    if (running.has(engine)) return;
    leaving.delete(engine);
    engine.dispose();
  }

  return {
    get state() {
      return current().state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    select(next, fallback) {
      if (disposed) return;
      const before = current();
      const wasRunning = before.state.kind !== "stopped";
      if (next !== undefined && !fallback && local.state.kind !== "stopped") {
        const left = local;
        if (remote === undefined) stopListening();
        remote?.setFallback(undefined);
        local = createLocal();
        if (focused !== undefined) local.setFocused(focused);
        if (remote === undefined) stopListening = local.onState(tell);
        letGo(left);
      }
      if (next !== remote) remote?.setFallback(undefined);
      remote = next;
      next?.setFallback(fallback ? local : undefined);
      const after = current();
      if (after === before) return;
      stopListening();
      stopListening = after.onState(tell);
      if (wasRunning) after.start("background");
      tell(after.state);
    },
    start: (reason) => current().start(reason),
    restart: () => current().restart(),
    generate: (request, onToken, signal, onLateCost) =>
      use((engine) => engine.generate(request, onToken, signal, onLateCost)),
    warm: (request, signal) => use((engine) => engine.warm(request, signal)),
    score: (request, signal) => use((engine) => engine.score(request, signal)),
    weigh: (request, onWeighed, signal) =>
      use((engine) => engine.weigh(request, onWeighed, signal)),
    ask: (request, signal, onToken) => use((engine) => engine.ask(request, signal, onToken)),
    decide: (request, signal) => use((engine) => engine.decide(request, signal)),
    tokenize: (texts) => use((engine) => engine.tokenize(texts)),
    health: () => current().health(),
    setConfig: (config, again) => local.setConfig(config, again),
    setLogging: (logging) => local.setLogging(logging),
    setFocused(next) {
      focused = next;
      // A fallback that idled is not loaded because somebody looks at the window.
      const isAsleep = remote !== undefined && local.state.kind === "unloaded";
      if (!isAsleep || !next) local.setFocused(next);
    },
    inspect: (on) => local.inspect(on),
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const one of leaving) one.dispose();
      local.dispose();
      stopListening();
      listeners.clear();
    },
  };
}
