import type { Clock } from "../clock.ts";

/** How often a host may die before it is given up, and how long to wait between tries. */
export interface CrashBudget {
  /** Counts a death; the milliseconds until the next try, or `undefined` when the budget is spent. */
  spend(): number | undefined;
  /** Forgets every death. */
  clear(): void;
}

export interface CrashBudgetOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly deaths?: number;
  readonly windowMs?: number;
  readonly firstDelayMs?: number;
  readonly longestDelayMs?: number;
}

/** Five deaths in three minutes by default; waits grow from 100 ms to 10 s, up to a fifth longer. */
export function createCrashBudget(options: CrashBudgetOptions): CrashBudget {
  const { clock, random, deaths = 5, windowMs = 180_000 } = options;
  const { firstDelayMs = 100, longestDelayMs = 10_000 } = options;
  let times: number[] = [];
  return {
    spend() {
      const now = clock.now();
      times = times.filter((time) => now - time < windowMs);
      times.push(now);
      if (times.length >= deaths) return undefined;
      const delay = Math.min(longestDelayMs, firstDelayMs * 4 ** (times.length - 1));
      // Windows that lose one host together should not all come back in the same instant.
      return Math.round(delay * (1 + 0.2 * random()));
    },
    clear() {
      times = [];
    },
  };
}
