/** How long one step may keep the model busy, in milliseconds; cancelling waits for at most one. */
export const stepBudgetMs = 40;

/** How large a step may be: as many tokens as fit into the time, at least so many. */
export interface StepBudget {
  readonly milliseconds: number;
  readonly leastTokens: number;
}

/**
 * While somebody types. Below so many tokens a chunk is nearly all overhead: on a machine so slow
 * that it lasts longer than the budget, cancelling waits for it.
 */
export const busyBudget: StepBudget = { milliseconds: stepBudgetMs, leastTokens: 8 };
/**
 * For background work when nobody has typed for a while. A 0.5B model on two cores takes 14.6 ms a
 * token in steps of 8, 13.0 in steps of 16, 12.5 in steps of 32: longer ones gain little and would
 * delay the first key.
 */
export const quietBudget: StepBudget = { milliseconds: 150, leastTokens: 16 };

/** Chunks aim below the budget, for a machine that is a little slower now than a moment ago. */
const aim = 0.75;
const firstChunk = 32;
/** Shorter chunks are mostly overhead and say nothing about the speed of a long one. */
const leastMeasured = 8;
/**
 * What a chunk costs whatever its length, in tokens: the weights are read once for all of it. Left
 * out, short chunks look slow, are made shorter still, and never grow again.
 */
const overheadTokens = 6;
/** A token that is looked at costs about so many that are only evaluated, until it was measured. */
const lookedCost = 1.5;
/** Logits that one batch may leave in memory: 32 MB. */
const mostLogits = 2 ** 23;

/** What becomes of the tokens of a chunk: only evaluated, or each looked at. */
export type ChunkKind = "append" | "look";

/** Measures speeds while running and sizes prefill chunks by them. */
export interface SpeedMeter {
  /** How many prompt tokens the next step may evaluate. */
  chunkSize(kind?: ChunkKind, budget?: StepBudget): number;
  addPrefill(tokens: number, milliseconds: number): void;
  addLooked(tokens: number, milliseconds: number): void;
  addDecode(milliseconds: number): void;
  /** Tokens a second; absent until measured. */
  speed(): { prefill?: number; decode?: number };
}

/** @param largestChunk the model's batch size. */
export function createSpeedMeter(largestChunk: number, vocabularySize = 1): SpeedMeter {
  const most: Readonly<Record<ChunkKind, number>> = {
    append: largestChunk,
    look: Math.min(
      largestChunk,
      Math.max(quietBudget.leastTokens, Math.floor(mostLogits / vocabularySize)),
    ),
  };
  /** Per token, the overhead counted as tokens. */
  let prefillMs: number | undefined;
  let lookedMs: number | undefined;
  let decodeMs: number | undefined;

  function perToken(kind: ChunkKind): number | undefined {
    if (kind === "append") return prefillMs;
    return lookedMs ?? (prefillMs === undefined ? undefined : lookedCost * prefillMs);
  }

  return {
    chunkSize(kind = "append", { milliseconds, leastTokens } = busyBudget) {
      const cost = perToken(kind);
      const size =
        cost === undefined
          ? kind === "append"
            ? firstChunk
            : leastTokens
          : Math.floor((aim * milliseconds) / cost) - overheadTokens;
      return Math.min(most[kind], Math.max(leastTokens, size));
    },
    addPrefill(tokens, milliseconds) {
      if (tokens < leastMeasured) return;
      prefillMs = blend(prefillMs, milliseconds / (tokens + overheadTokens));
    },
    addLooked(tokens, milliseconds) {
      if (tokens < leastMeasured) return;
      lookedMs = blend(lookedMs, milliseconds / (tokens + overheadTokens));
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
