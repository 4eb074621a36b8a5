import type { Clock } from "../clock.ts";

/**
 * Asks again and again, one question at a time, until it is ended. A failed question is told and ends
 * it.
 */
export function watchList<List>(options: {
  readonly clock: Clock;
  readonly everyMs: number;
  ask(): Promise<List>;
  onList(list: List): void;
  onError(thrown: unknown): void;
}): { again(): void; end(): void } {
  const { clock, everyMs } = options;
  let cancel: () => void = () => undefined;
  let ended = false;
  let asking = false;
  let wanted = false;

  async function round(): Promise<void> {
    if (asking) {
      wanted = true;
      return;
    }
    asking = true;
    cancel();
    try {
      const list = await options.ask();
      if (ended) return;
      options.onList(list);
      cancel = clock.after(wanted ? 0 : everyMs, () => void round());
    } catch (thrown) {
      if (!ended) options.onError(thrown);
    } finally {
      asking = false;
      wanted = false;
    }
  }

  void round();
  return {
    again: () => void round(),
    end() {
      ended = true;
      cancel();
    },
  };
}
