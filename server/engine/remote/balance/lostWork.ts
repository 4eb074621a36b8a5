import type { Clock } from "../../clock.ts";

/** So long is a cost waited for that a connection just closed has yet to tell. */
const graceMs = 50;

/** What servers did in vain for one request: each was given up, and another one's text was taken. */
export interface LostWork {
  /** Tokens, as far as they are known. */
  readonly tokens: number;
  /** One was given up; the returned function is told, once, what it had cost. */
  add(): (tokens: number) => void;
  /** Calls back when all costs are known, at once where they are, and after a moment anyway. */
  whenKnown(then: () => void): void;
}

export function createLostWork(clock: Pick<Clock, "after">): LostWork {
  let tokens = 0;
  let unknown = 0;
  let onKnown = (): void => undefined;
  return {
    get tokens() {
      return tokens;
    },
    add() {
      unknown += 1;
      return (more) => {
        tokens += more;
        unknown -= 1;
        if (unknown === 0) onKnown();
      };
    },
    whenKnown(then) {
      if (unknown === 0) {
        then();
        return;
      }
      let told = false;
      const tell = (): void => {
        if (told) return;
        told = true;
        cancelTimer();
        then();
      };
      const cancelTimer = clock.after(graceMs, tell);
      onKnown = tell;
    },
  };
}
