import type { Clock } from "../../../extension/clock.ts";

/** A clock that moves only when told to. */
export function createFakeClock(start = 0): Clock & { advance(ms: number): void } {
  let now = start;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) {
          break;
        }
        timers = timers.filter((other) => other !== due);
        now = due.at;
        due.callback();
      }
      now = end;
    },
  };
}
