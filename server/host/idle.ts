/** Counts clients and calls back when there was none for long enough. */
export interface IdleTimer {
  clientCame(): void;
  clientLeft(): void;
  /** From now on, wait only so long. */
  shorten(seconds: number): void;
  readonly clients: number;
  dispose(): void;
}

/** The clock starts at once: a host that nobody ever asks ends too. */
export function createIdleTimer(options: {
  readonly seconds: number;
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  readonly onIdle: () => void;
}): IdleTimer {
  let clients = 0;
  let { seconds } = options;
  let cancel: (() => void) | undefined;

  function wait(): void {
    cancel?.();
    cancel = clients > 0 ? undefined : options.after(seconds * 1000, options.onIdle);
  }
  wait();
  return {
    get clients() {
      return clients;
    },
    clientCame() {
      clients++;
      wait();
    },
    clientLeft() {
      clients--;
      wait();
    },
    shorten(limit) {
      seconds = Math.min(seconds, limit);
      wait();
    },
    dispose: () => cancel?.(),
  };
}
