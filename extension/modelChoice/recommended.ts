import type { ModelList } from "../../server/protocol/models.ts";

/** What is remembered from one start to the next; the editor's global state is one. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Which model suits this machine: the walkthrough shows its step. */
export interface Recommended {
  /** Its id, as last known. */
  readonly id: string | undefined;
  /** Takes it from a list that has one. */
  take(list: ModelList): void;
}

const key = "starcoder.recommended";

/**
 * @param onChange called with the id at once where it is remembered, and on every change
 */
export function createRecommended(memory: Memory, onChange: (id: string) => void): Recommended {
  const kept = memory.get(key);
  let id = typeof kept === "string" ? kept : undefined;
  if (id !== undefined) onChange(id);
  return {
    get id() {
      return id;
    },
    take({ recommendation }) {
      if (recommendation === undefined || recommendation.id === id) return;
      id = recommendation.id;
      onChange(id);
      void memory.update(key, id);
    },
  };
}
