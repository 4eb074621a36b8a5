import type { Look } from "./looks.ts";
import type { Token } from "./token.ts";

/** What is known of one prompt: kept while the same text, or its beginning, is asked for again. */
export interface Remembered {
  /** By the index of the token looked at. */
  readonly looks: Map<number, Look>;
  /** The log-probabilities of these tokens, from the first on, after the prompt up to `at`. */
  known(at: number, tokens: readonly Token[]): readonly number[] | undefined;
  learn(at: number, tokens: readonly Token[], known: readonly number[]): void;
}

/** Remembers probabilities of the last few texts, so that what did not change costs nothing. */
export interface WeighMemory {
  /** What is known of this prompt, from now on its most recent record. */
  of(prompt: readonly Token[]): Remembered;
}

interface Entry {
  readonly prompt: readonly Token[];
  readonly looks: Map<number, Look>;
  readonly alternatives: Map<string, { readonly at: number; readonly known: readonly number[] }>;
}

/** Functions of a file that is being edited; each costs some 100 kB at most. */
const mostRecords = 8;

export function createWeighMemory(): WeighMemory {
  let entries: Entry[] = [];
  return {
    of(prompt) {
      const [nearest] = entries
        .map((entry) => ({ entry, shared: sharedLength(entry.prompt, prompt) }))
        .sort((a, b) => b.shared - a.shared);
      const entry: Entry = { prompt, looks: new Map(), alternatives: new Map() };
      if (nearest !== undefined) {
        const { shared } = nearest;
        for (const [index, look] of nearest.entry.looks) {
          if (index < shared) entry.looks.set(index, look);
        }
        for (const [key, alternative] of nearest.entry.alternatives) {
          if (alternative.at <= shared) entry.alternatives.set(key, alternative);
        }
        // A version of the same text: the old one will hardly come back.
        if (shared > prompt.length / 2)
          entries = entries.filter((other) => other !== nearest.entry);
      }
      entries = [entry, ...entries].slice(0, mostRecords);
      return {
        looks: entry.looks,
        known: (at, tokens) => entry.alternatives.get(keyOf(at, tokens))?.known,
        learn(at, tokens, known) {
          entry.alternatives.set(keyOf(at, tokens), { at, known });
        },
      };
    },
  };
}

function keyOf(at: number, tokens: readonly Token[]): string {
  return `${at}:${tokens.join(",")}`;
}

function sharedLength(left: readonly Token[], right: readonly Token[]): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length++;
  return length;
}
