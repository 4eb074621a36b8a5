import type { Clock } from "../engine/clock.ts";
import { CodedError } from "../protocol/errors.ts";

/** Places for requests that use the model. */
export interface Places {
  /**
   * Settles when there is a place, with what gives it back. Rejects with `API_BUSY` where as many
   * wait as there are places, with `TIMEOUT_ERROR` when the signal aborts.
   */
  enter(signal: AbortSignal): Promise<() => void>;
  readonly running: number;
  readonly waiting: number;
}

/** Nobody is told to stay away for longer. */
const longestRetryMs = 15_000;

/** @param most how many run at once; as many again wait, first come, first served. */
export function createPlaces(most: () => number, clock: Pick<Clock, "now">): Places {
  const waiters: (() => void)[] = [];
  let running = 0;
  /** Milliseconds that a request takes of late. */
  let usualMs = 1000;
  /** When others were sent away of late: they come back, too. */
  let refusals: number[] = [];

  function busy(): CodedError {
    const now = clock.now();
    refusals = [...refusals.filter((time) => now - time < longestRetryMs), now];
    const error = new CodedError("API_BUSY");
    const queueMs = (usualMs * (waiters.length + refusals.length)) / most();
    error.retryAfterMs = Math.round(Math.min(longestRetryMs, Math.max(1000, queueMs)));
    return error;
  }

  function take(): () => void {
    running += 1;
    const since = clock.now();
    let given = false;
    return () => {
      if (given) return;
      given = true;
      running -= 1;
      usualMs += 0.2 * (clock.now() - since - usualMs);
      waiters.shift()?.();
    };
  }

  return {
    enter(signal) {
      if (signal.aborted) {
        return Promise.reject(new CodedError("TIMEOUT_ERROR", "Nobody waits for it any more."));
      }
      if (running < most() && waiters.length === 0) return Promise.resolve(take());
      if (waiters.length >= most()) return Promise.reject(busy());
      return new Promise((resolve, reject) => {
        const start = (): void => {
          signal.removeEventListener("abort", onAbort);
          resolve(take());
        };
        const onAbort = (): void => {
          const at = waiters.indexOf(start);
          if (at >= 0) waiters.splice(at, 1);
          reject(new CodedError("TIMEOUT_ERROR", "There was no place for it in time."));
        };
        signal.addEventListener("abort", onAbort, { once: true });
        waiters.push(start);
      });
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiters.length;
    },
  };
}
