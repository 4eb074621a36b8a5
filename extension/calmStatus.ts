import type { Status } from "../server/protocol/editor.ts";
import type { Clock } from "./clock.ts";
import { createListeners } from "./listeners.ts";

/** The server's last status as it is shown. */
export interface CalmStatus {
  readonly current: Status | undefined;
  onChange(listener: (status: Status | undefined) => void): () => void;
  /** The server said something, or (undefined) is gone. */
  set(status: Status | undefined): void;
  dispose(): void;
}

/**
 * Most suggestions take less time than an icon needs to be seen: `busy` shows only after
 * `busyAfterMs`, everything else at once.
 */
export function createCalmStatus(clock: Clock, busyAfterMs: number): CalmStatus {
  const changes = createListeners<Status | undefined>();
  let shown: Status | undefined;
  let pending: Status | undefined;
  let cancelPending = () => {};

  function show(status: Status | undefined): void {
    cancelPending();
    pending = undefined;
    cancelPending = () => {};
    shown = status;
    changes.fire(status);
  }

  return {
    get current() {
      return shown;
    },
    onChange: (listener) => changes.add(listener),
    set(status) {
      if (status?.state !== "busy" || shown?.state === "busy") {
        show(status);
        return;
      }
      const waiting = pending !== undefined;
      pending = status;
      if (!waiting) {
        cancelPending = clock.after(busyAfterMs, () => show(pending));
      }
    },
    dispose() {
      cancelPending();
    },
  };
}
