/** A clock that stands still until it is told to go on. */
export interface ManualClock {
  now(): number;
  after(ms: number, callback: () => void): () => void;
  /** Moves time on and runs what falls due, in order of time. */
  advance(ms: number): void;
}

export function createManualClock(): ManualClock {
  let time = 0;
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  return {
    now: () => time,
    after(ms, callback) {
      const timer = { due: time + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const next = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers.delete(next);
        time = Math.max(time, next.due);
        next.callback();
      }
      time = end;
    },
  };
}
