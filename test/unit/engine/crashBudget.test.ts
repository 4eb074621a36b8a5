import { describe, expect, it } from "vitest";
import { createCrashBudget } from "../../../server/engine/local/crashBudget.ts";
import { createManualClock } from "../../support/manualClock.ts";

describe("the crash budget", () => {
  it("waits longer after each death, up to ten seconds, and ends with the last death allowed", () => {
    const clock = createManualClock();
    const budget = createCrashBudget({ clock, random: () => 0, deaths: 7 });
    const waits = Array.from({ length: 7 }, () => budget.spend());
    expect(waits).toEqual([100, 400, 1600, 6400, 10_000, 10_000, undefined]);
  });

  it("forgets deaths of more than three minutes ago", () => {
    const clock = createManualClock();
    const budget = createCrashBudget({ clock, random: () => 0 });
    for (let death = 0; death < 20; death += 1) {
      expect(budget.spend()).toBeDefined();
      clock.advance(50_000);
    }
  });

  it("spreads the waits of windows that lose one host together", () => {
    const clock = createManualClock();
    const waits = [0, 0.5, 0.99].map((value) =>
      createCrashBudget({ clock, random: () => value }).spend(),
    );
    expect(waits).toEqual([100, 110, 120]);
  });

  it("is whole again when it is cleared", () => {
    const budget = createCrashBudget({ clock: createManualClock(), random: () => 0, deaths: 2 });
    expect(budget.spend()).toBe(100);
    budget.clear();
    expect(budget.spend()).toBe(100);
    expect(budget.spend()).toBeUndefined();
  });
});
