import type { Draft } from "./draft.ts";
import type { Place } from "./place.ts";
import type { Clock } from "./types.ts";

/** How waiting for a draft ended. */
export type Waited = "settled" | "departed" | "deadline" | "cancelled";

/**
 * Waits until a draft is settled, departs from the place, the time is up or the request is cancelled.
 * @param milliseconds undefined: as long as it takes
 */
export function waitFor(
  draft: Draft,
  place: Place,
  clock: Clock,
  milliseconds: number | undefined,
  signal: AbortSignal,
): Promise<Waited> {
  return new Promise((resolve) => {
    let cancelTimer: (() => void) | undefined;
    const finish = (waited: Waited) => {
      cancelTimer?.();
      unsubscribe();
      signal.removeEventListener("abort", onAbort);
      resolve(waited);
    };
    const look = () => {
      if (draft.abandoned) finish("cancelled");
      else if (draft.error === undefined && draft.relate(place).kind === "departs") {
        finish("departed");
      } else if (draft.settled) finish("settled");
    };
    const onAbort = () => finish("cancelled");
    const unsubscribe = draft.onProgress(look);
    if (signal.aborted) onAbort();
    else {
      signal.addEventListener("abort", onAbort);
      if (milliseconds !== undefined) {
        cancelTimer = clock.after(Math.max(0, milliseconds), () => finish("deadline"));
      }
      look();
    }
  });
}
