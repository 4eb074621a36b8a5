/** A list of callbacks; the smallest event there is, so that pure files need no vscode import. */
export interface Listeners<Value> {
  /** Adds a callback; the returned function removes it. */
  add(listener: (value: Value) => void): () => void;
  fire(value: Value): void;
}

export function createListeners<Value>(): Listeners<Value> {
  const listeners = new Set<(value: Value) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    fire(value) {
      for (const listener of [...listeners]) {
        listener(value);
      }
    },
  };
}
