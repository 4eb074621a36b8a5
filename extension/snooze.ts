import type { Clock } from "./clock.ts";
import { createListeners } from "./listeners.ts";

/** Suggestions paused for a while. Lives with the window: a new window is not snoozed. */
export interface Snooze {
  /** When it ends, in milliseconds since the epoch; undefined while not snoozed. */
  until(): number | undefined;
  /** Whole minutes left, rounded up; 0 while not snoozed. */
  minutesLeft(): number;
  /** Starts, or starts anew with another length. */
  start(minutes: number): void;
  end(): void;
  /** Called when it starts, when it ends and whenever `minutesLeft` changes. */
  onChange(listener: () => void): () => void;
  dispose(): void;
}

const minute = 60_000;

export function createSnooze(clock: Clock): Snooze {
  const changes = createListeners<undefined>();
  let end: number | undefined;
  let cancelTick = () => {};

  function left(): number {
    return end === undefined ? 0 : Math.max(0, end - clock.now());
  }

  function tick(): void {
    cancelTick();
    if (end !== undefined && left() === 0) {
      end = undefined;
    }
    if (end !== undefined) {
      // To the moment at which the number of minutes left goes down by one.
      cancelTick = clock.after(left() % minute || minute, tick);
    }
    changes.fire(undefined);
  }

  return {
    until: () => (left() > 0 ? end : undefined),
    minutesLeft: () => Math.ceil(left() / minute),
    start(minutes) {
      end = clock.now() + minutes * minute;
      tick();
    },
    end() {
      end = undefined;
      tick();
    },
    onChange: (listener) => changes.add(listener),
    dispose() {
      cancelTick();
    },
  };
}
