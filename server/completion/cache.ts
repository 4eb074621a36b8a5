import type { Draft } from "./draft.ts";
import type { Purpose } from "./stop/purpose.ts";
import type { Place } from "./place.ts";

/** A finished draft that holds for a place. */
export interface CacheHit {
  readonly draft: Draft;
  readonly consumed: number;
}

/** Finished drafts, kept before the gate, so that a place that was answered costs no model call again. */
export interface SuggestionCache {
  add(draft: Draft): void;
  find(place: Place, purpose: Purpose): CacheHit | undefined;
  close(uri: string): void;
  clear(): void;
}

/** Creates a cache of the `most` recently used drafts. */
export function createCache(most = 64): SuggestionCache {
  const drafts: Draft[] = [];

  return {
    add(draft) {
      drafts.unshift(draft);
      if (drafts.length > most) drafts.pop();
    },
    find(place, purpose) {
      for (const [index, draft] of drafts.entries()) {
        if (draft.uri !== place.uri) continue;
        const relation = draft.relate(place);
        if (relation.kind !== "follows") continue;
        const { consumed } = relation;
        // All of it is typed: what comes next was never asked for.
        if (consumed > 0 && consumed >= draft.text.length) continue;
        // A line was asked for where a block is wanted now.
        if (consumed === 0 && draft.purpose === "line" && purpose === "block") continue;
        drafts.splice(index, 1);
        drafts.unshift(draft);
        return { draft, consumed };
      }
      return undefined;
    },
    clear() {
      drafts.length = 0;
    },
    close(uri) {
      for (let index = drafts.length - 1; index >= 0; index--) {
        if (drafts[index]?.uri === uri) drafts.splice(index, 1);
      }
    },
  };
}
