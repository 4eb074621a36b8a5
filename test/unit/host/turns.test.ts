import { describe, expect, it } from "vitest";
import { createTurns, longestWaitMs, turnMs, type Client } from "../../../server/host/turns.ts";

interface Entry {
  readonly client: Client;
  readonly age: number;
}

const entryOf = (focused: boolean, age = 0): Entry => ({ client: { focused }, age });

/** Serves whoever comes first in steps, all wanting on; how many milliseconds each got. */
function serve(entries: readonly Entry[], milliseconds: number, stepMs = 5): number[] {
  const turns = createTurns<Entry>((a, b) => a.age - b.age);
  const got = entries.map(() => 0);
  for (let now = 0; now < milliseconds; now += stepMs) {
    const [first] = turns.order(entries, now);
    if (first === undefined) throw new Error("nobody's turn");
    turns.served(first, stepMs, now + stepMs);
    const index = entries.indexOf(first);
    got[index] = (got[index] ?? 0) + stepMs;
  }
  return got;
}

describe("turns", () => {
  it("give clients of one kind the same time", () => {
    const got = serve(
      Array.from({ length: 8 }, () => entryOf(true)),
      3200,
    );
    expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(turnMs);
  });

  it("let a client finish a short piece of work before the next begins", () => {
    const turns = createTurns<Entry>(() => 0);
    const entries = [entryOf(true), entryOf(true)];
    const order: number[] = [];
    for (let now = 0; now < 2 * turnMs; now += 10) {
      const [first] = turns.order(entries, now);
      if (first === undefined) throw new Error("nobody's turn");
      turns.served(first, 10, now + 10);
      order.push(entries.indexOf(first));
    }
    const each = turnMs / 10;
    expect(order).toEqual([...Array<number>(each).fill(0), ...Array<number>(each).fill(1)]);
  });

  it("keep the place of who takes a request back and asks anew", () => {
    const turns = createTurns<Entry>(() => 0);
    const [busy, typing] = [entryOf(true), entryOf(true)];
    turns.order([busy, typing], 0);
    turns.served(busy, turnMs, turnMs);
    // Between two keys it wants nothing, while the other goes on.
    const [alone] = turns.order([busy], turnMs);
    expect(alone).toBe(busy);
    turns.served(busy, turnMs, 2 * turnMs);
    expect(turns.order([busy, typing], 2 * turnMs)[0]).toBe(typing);
    turns.served(typing, 10, 2 * turnMs + 10);
    turns.order([busy], 2 * turnMs + 20);
    turns.served(busy, turnMs, 3 * turnMs + 20);
    // It has had less of the model than the other, still.
    expect(turns.order([busy, typing], 3 * turnMs + 20)[0]).toBe(typing);
  });

  it("put the window with the focus first", () => {
    const turns = createTurns<Entry>(() => 0);
    const [other, focused] = [entryOf(false), entryOf(true)];
    expect(turns.order([other, focused], 0)).toEqual([focused, other]);
  });

  it("let no window wait much longer than a quarter of a second for the one with the focus", () => {
    const entries = [entryOf(true), ...Array.from({ length: 3 }, () => entryOf(false))];
    const [focused = 0, ...others] = serve(entries, 5 * longestWaitMs);
    expect(Math.min(...others)).toBeGreaterThanOrEqual(turnMs);
    expect(focused).toBeGreaterThan(Math.max(...others));
  });

  it("turn at once from a window without the focus to one that has it", () => {
    const turns = createTurns<Entry>(() => 0);
    const [other, focused] = [entryOf(false), entryOf(true)];
    turns.order([other], 0);
    turns.served(other, 5, 5);
    expect(turns.order([other, focused], 5)[0]).toBe(focused);
  });

  it("give no credit for time away", () => {
    const turns = createTurns<Entry>(() => 0);
    const [busy, away] = [entryOf(true), entryOf(true)];
    turns.order([away], 0);
    turns.served(away, 5, 5);
    for (let now = 5; now < 10_000; now += 50) {
      turns.order([busy], now);
      turns.served(busy, 50, now + 50);
    }
    let got = 0;
    for (let now = 10_000; now < 11_000; now += 10) {
      const [first] = turns.order([busy, away], now);
      if (first === undefined) throw new Error("nobody's turn");
      turns.served(first, 10, now + 10);
      if (first === away) got += 10;
    }
    expect(got).toBeLessThanOrEqual(500 + turnMs);
  });

  it("leave the order within one client to the caller", () => {
    const client: Client = { focused: true };
    const [old, young] = [
      { client, age: 2 },
      { client, age: 1 },
    ];
    const turns = createTurns<Entry>((a, b) => a.age - b.age);
    expect(turns.order([old, young], 0)).toEqual([young, old]);
  });
});
