/** How often something may die before it is left alone. */
export interface CrashBudget {
  /** Records a death at `now` (milliseconds); says how long to wait before a restart, or to give up. */
  spend(
    now: number,
  ): { readonly kind: "restart"; readonly inMs: number } | { readonly kind: "stop" };
  /** Forgets the deaths so far: the user asked for a restart. */
  reset(): void;
}

/**
 * Allows `limit` restarts within `windowMs`, the first at once, each further one after twice the
 * wait of the one before.
 */
export function createCrashBudget(
  limit: number,
  windowMs: number,
  firstWaitMs: number,
): CrashBudget {
  let deaths: number[] = [];
  return {
    spend(now) {
      deaths = [...deaths.filter((at) => now - at < windowMs), now];
      if (deaths.length > limit) {
        return { kind: "stop" };
      }
      const repeats = deaths.length - 1;
      return { kind: "restart", inMs: repeats === 0 ? 0 : firstWaitMs * 2 ** (repeats - 1) };
    },
    reset() {
      deaths = [];
    },
  };
}
