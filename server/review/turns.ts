/** Lets one piece of work run at a time, in the order in which they asked. */
export interface Turns {
  /** Settles with what gives the turn back; undefined where it was cancelled before its turn came. */
  take(signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  return {
    async take(signal) {
      let giveBack: () => void = () => undefined;
      const before = last;
      const own = new Promise<void>((resolve) => (giveBack = resolve));
      last = before.then(() => own);
      const cancelled = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await Promise.race([before, cancelled]);
      if (!signal.aborted) return giveBack;
      giveBack();
      return undefined;
    },
  };
}
