/** How long one step may keep the model busy, in milliseconds; cancelling waits for at most one. */
export const stepBudgetMs = 40;

/** Chunks aim below the budget, for a machine that is a little slower now than a moment ago. */
const aimMs = 0.75 * stepBudgetMs;
const firstChunk = 32;
/**
 * Below this a chunk is nearly all overhead. On a machine so slow that it lasts longer than the
 * budget, cancelling waits for it.
 */
const smallestChunk = 8;
/**
 * What a chunk costs whatever its length, in tokens: the weights are read once for all of it. Left
 * out, short chunks look slow, are made shorter still, and never grow again.
 */
const overheadTokens = 6;

/** Measures speeds while running and sizes prefill chunks by them. */
export interface SpeedMeter {
  /** How many prompt tokens the next step may evaluate. */
  chunkSize(): number;
  addPrefill(tokens: number, milliseconds: number): void;
  addDecode(milliseconds: number): void;
  /** Tokens a second; absent until measured. */
  speed(): { prefill?: number; decode?: number };
}

/** @param largestChunk the model's batch size. */
export function createSpeedMeter(largestChunk: number): SpeedMeter {
  /** Per token, the overhead counted as tokens. */
  let prefillMs: number | undefined;
  let decodeMs: number | undefined;
  return {
    chunkSize() {
      if (prefillMs === undefined) return Math.min(firstChunk, largestChunk);
      const size = Math.floor(aimMs / prefillMs) - overheadTokens;
      return Math.max(smallestChunk, Math.min(largestChunk, size));
    },
    addPrefill(tokens, milliseconds) {
      // A short chunk is mostly overhead and says nothing about the speed of a long one.
      if (tokens < smallestChunk) return;
      prefillMs = blend(prefillMs, milliseconds / (tokens + overheadTokens));
    },
    addDecode(milliseconds) {
      decodeMs = blend(decodeMs, milliseconds);
    },
    speed() {
      return {
        ...(prefillMs === undefined ? {} : { prefill: 1000 / prefillMs }),
        ...(decodeMs === undefined ? {} : { decode: 1000 / decodeMs }),
      };
    },
  };
}

/** Believes a slowdown sooner than a speed-up: too long a step delays a keystroke. */
function blend(old: number | undefined, sample: number): number {
  if (old === undefined) return sample;
  const weight = sample > old ? 0.5 : 0.2;
  return old + weight * (sample - old);
}
