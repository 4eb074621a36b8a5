import type { Clock } from "../engine/clock.ts";
import type { Usage } from "../protocol/host.ts";

/** What a workflow may still spend, and whether it is to end. */
export interface Budget {
  /** Tokens evaluated and generated so far. */
  readonly tokensUsed: number;
  readonly tokensLeft: number;
  /** Milliseconds since the beginning. */
  readonly elapsedMs: number;
  readonly msLeft: number;
  /** Aborts when the caller cancels or the seconds are over, in the middle of a step too. */
  readonly signal: AbortSignal;
  /** Why it must end now; the caller's wish goes first. */
  ended(): "cancelled" | "seconds" | "tokens" | undefined;
  spend(usage: Pick<Usage, "evaluatedTokens" | "generatedTokens"> | number): void;
  dispose(): void;
}

export function createBudget(options: {
  readonly clock: Clock;
  readonly tokens: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}): Budget {
  const { clock, signal } = options;
  const startedAt = clock.now();
  const mostMs = options.seconds * 1000;
  const own = new AbortController();
  const onAbort = (): void => own.abort();
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  let isOver = false;
  const stopTimer = clock.after(mostMs, () => {
    isOver = true;
    own.abort();
  });
  let tokensUsed = 0;
  return {
    get tokensUsed() {
      return tokensUsed;
    },
    get tokensLeft() {
      return Math.max(0, options.tokens - tokensUsed);
    },
    get elapsedMs() {
      return clock.now() - startedAt;
    },
    get msLeft() {
      return Math.max(0, mostMs - (clock.now() - startedAt));
    },
    signal: own.signal,
    ended() {
      if (signal.aborted) return "cancelled";
      if (isOver) return "seconds";
      return tokensUsed >= options.tokens ? "tokens" : undefined;
    },
    spend(usage) {
      tokensUsed +=
        typeof usage === "number" ? usage : usage.evaluatedTokens + usage.generatedTokens;
    },
    dispose() {
      stopTimer();
      signal.removeEventListener("abort", onAbort);
    },
  };
}
