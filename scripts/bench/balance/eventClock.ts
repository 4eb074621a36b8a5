import type { Clock } from "../../../server/engine/clock.ts";

/** Time that passes only as events do; for as many of them as a simulation has. */
export interface EventClock extends Clock {
  /** Runs event after event, and what each of them promised, until `isOver`. */
  run(isOver: () => boolean): Promise<void>;
}

interface Event {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

export function createEventClock(): EventClock {
  let time = 0;
  let count = 0;
  /** A binary heap, earliest first. */
  const heap: Event[] = [];
  const isBefore = (one: Event, other: Event) =>
    one.at < other.at || (one.at === other.at && one.order < other.order);

  function swap(one: number, other: number): void {
    const [a, b] = [heap[one], heap[other]];
    if (a === undefined || b === undefined) return;
    heap[one] = b;
    heap[other] = a;
  }

  function push(event: Event): void {
    heap.push(event);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      const [one, other] = [heap[at], heap[parent]];
      if (one === undefined || other === undefined || !isBefore(one, other)) break;
      swap(at, parent);
      at = parent;
    }
  }

  function pop(): Event | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        const [one, other] = [heap[child], heap[least]];
        if (one !== undefined && other !== undefined && isBefore(one, other)) least = child;
      }
      if (least === at) return first;
      swap(at, least);
      at = least;
    }
  }

  return {
    now: () => time,
    after(ms, callback) {
      const event: Event = { at: time + ms, order: (count += 1), callback };
      push(event);
      return () => (event.callback = undefined);
    },
    async run(isOver) {
      while (!isOver()) {
        const event = pop();
        if (event === undefined) return;
        if (event.callback === undefined) continue;
        time = event.at;
        event.callback();
        // Chains of promises between two events are short.
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      }
    },
  };
}
