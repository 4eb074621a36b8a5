/** Asks again and again, never twice at a time; time comes in from outside. */
export interface Poll {
  /** Begins asking, at once. Does nothing where it runs. */
  start(): void;
  /** Asks no more; an answer under way is still told. */
  stop(): void;
  /** Asks now, or once more after the question under way. Does nothing while stopped. */
  now(): void;
}

export interface PollOptions {
  readonly everyMs: number;
  /** Asks once and tells what came; must not reject. */
  readonly ask: () => Promise<void>;
  /** Calls back once after `ms`; the returned function cancels. */
  readonly after: (ms: number, callback: () => void) => () => void;
}

export function createPoll({ everyMs, ask, after }: PollOptions): Poll {
  let runs = false;
  let asking = false;
  let again = false;
  let cancel = (): void => undefined;

  async function once(): Promise<void> {
    cancel();
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    await ask();
    asking = false;
    const wantsMore = again;
    again = false;
    if (!runs) return;
    if (wantsMore) void once();
    else cancel = after(everyMs, () => void once());
  }

  return {
    start() {
      if (runs) return;
      runs = true;
      void once();
    },
    stop() {
      runs = false;
      again = false;
      cancel();
    },
    now() {
      if (runs) void once();
    },
  };
}

/** The timers of the browser. */
export function afterTimeout(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
