import { describe, expect, it } from "vitest";
import { createSnooze } from "../../../extension/snooze.ts";
import { createFakeClock } from "./fakeClock.ts";

function setUp() {
  const clock = createFakeClock(1_000);
  const snooze = createSnooze(clock);
  const seen: number[] = [];
  snooze.onChange(() => seen.push(snooze.minutesLeft()));
  return { clock, snooze, seen };
}

describe("snooze", () => {
  it("is off until started", () => {
    const { snooze } = setUp();
    expect(snooze.until()).toBeUndefined();
    expect(snooze.minutesLeft()).toBe(0);
  });

  it("counts the minutes down and ends by itself", () => {
    const { clock, snooze, seen } = setUp();
    snooze.start(3);
    expect(snooze.until()).toBe(181_000);
    clock.advance(179_999);
    expect(snooze.minutesLeft()).toBe(1);
    expect(snooze.until()).toBe(181_000);
    clock.advance(1);
    expect(snooze.until()).toBeUndefined();
    expect(seen).toEqual([3, 2, 1, 0]);
  });

  it("stays quiet after its end", () => {
    const { clock, snooze, seen } = setUp();
    snooze.start(1);
    clock.advance(60_000);
    const changes = seen.length;
    clock.advance(600_000);
    expect(seen).toHaveLength(changes);
  });

  it("ends at once when told to", () => {
    const { clock, snooze, seen } = setUp();
    snooze.start(5);
    snooze.end();
    clock.advance(600_000);
    expect(seen).toEqual([5, 0]);
  });

  it("takes the new length when started again", () => {
    const { clock, snooze } = setUp();
    snooze.start(5);
    clock.advance(30_000);
    snooze.start(30);
    clock.advance(29 * 60_000);
    expect(snooze.minutesLeft()).toBe(1);
  });
});
