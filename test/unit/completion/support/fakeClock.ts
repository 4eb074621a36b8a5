import type { Clock } from "../../../../server/completion/types.ts";

/** A clock that stands still until told; promises settle between its steps. */
export interface FakeClock extends Clock {
  advance(milliseconds: number): Promise<void>;
}

/** Creates a clock at 0. */
export function createFakeClock(): FakeClock {
  let now = 0;
  let order = 0;
  const timers = new Map<number, { at: number; callback: () => void }>();

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  return {
    now: () => now,
    after(ms, callback) {
      const id = order++;
      timers.set(id, { at: now + ms, callback });
      return () => timers.delete(id);
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end);
        const [next] = due.sort(([a, left], [b, right]) => left.at - right.at || a - b);
        if (next === undefined) break;
        now = next[1].at;
        timers.delete(next[0]);
        next[1].callback();
        await settle();
      }
      now = end;
    },
  };
}
