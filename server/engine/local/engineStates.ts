import type { Engine, EngineState } from "../engine.ts";

/** The state of an engine, and who wants to know of it. */
export interface EngineStates extends Pick<Engine, "onState"> {
  readonly current: EngineState;
  become(next: EngineState): void;
  /** Tells nobody any more. */
  dispose(): void;
}

export function createEngineStates(): EngineStates {
  const listeners = new Set<(state: EngineState) => void>();
  let current: EngineState = { kind: "stopped" };
  return {
    get current() {
      return current;
    },
    become(next) {
      current = next;
      for (const listener of [...listeners]) listener(next);
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose: () => listeners.clear(),
  };
}
