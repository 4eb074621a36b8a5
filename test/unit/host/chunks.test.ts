import { describe, expect, it } from "vitest";
import {
  busyBudget,
  createSpeedMeter,
  quietBudget,
  stepBudgetMs,
} from "../../../server/host/chunks.ts";

/** The longest of many chunks, in milliseconds, on a machine of this speed, after the first few. */
function longestChunkMs(tokensPerSecond: number): number {
  const meter = createSpeedMeter(512);
  let longest = 0;
  for (let chunk = 0; chunk < 50; chunk++) {
    const size = meter.chunkSize();
    const milliseconds = (1000 * (size + overhead)) / tokensPerSecond;
    if (chunk >= 3) longest = Math.max(longest, milliseconds);
    meter.addPrefill(size, milliseconds);
  }
  return longest;
}

/** Tokens that each chunk costs beside its own. */
const overhead = 6;

describe("chunk sizes", () => {
  it.each([500, 1000, 5000])("last at most the step budget at %i tokens a second", (speed) => {
    expect(longestChunkMs(speed)).toBeLessThanOrEqual(stepBudgetMs);
    expect(longestChunkMs(speed)).toBeGreaterThan(stepBudgetMs / 2);
  });

  it("shrink at once on a machine that slows down and grow back slowly", () => {
    const meter = createSpeedMeter(512);
    meter.addPrefill(100, 50);
    const fast = meter.chunkSize();
    meter.addPrefill(100, 500);
    const slow = meter.chunkSize();
    meter.addPrefill(100, 50);
    expect(slow).toBeLessThan(fast / 4);
    expect(meter.chunkSize()).toBeLessThan(fast / 2);
  });

  it("never exceed the batch nor fall to nothing", () => {
    const meter = createSpeedMeter(512);
    meter.addPrefill(512, 0.001);
    expect(meter.chunkSize()).toBe(512);
    for (let i = 0; i < 10; i++) meter.addPrefill(8, 10_000);
    expect(meter.chunkSize()).toBe(8);
  });

  it("grow back from the smallest once the machine is fast again", () => {
    const meter = createSpeedMeter(512);
    for (let i = 0; i < 10; i++) meter.addPrefill(8, 1000);
    expect(meter.chunkSize()).toBe(8);
    for (let i = 0; i < 40; i++) {
      const size = meter.chunkSize();
      meter.addPrefill(size, (size + overhead) * 0.2);
    }
    expect(meter.chunkSize()).toBeGreaterThan(100);
  });

  it("are longer where nobody waits for them", () => {
    const meter = createSpeedMeter(512);
    for (let i = 0; i < 10; i++) meter.addPrefill(32, (32 + overhead) * 1);
    expect(meter.chunkSize("append", quietBudget)).toBeGreaterThan(4 * meter.chunkSize("append"));
    for (let i = 0; i < 10; i++) meter.addPrefill(32, (32 + overhead) * 10);
    expect(meter.chunkSize("append", quietBudget)).toBe(16);
    expect(meter.chunkSize("append", busyBudget)).toBe(8);
  });

  it("of tokens that are looked at follow what looking costs", () => {
    const meter = createSpeedMeter(512);
    meter.addPrefill(32, (32 + overhead) * 0.5);
    const guessed = meter.chunkSize("look");
    expect(guessed).toBeLessThan(meter.chunkSize("append"));
    meter.addLooked(32, (32 + overhead) * 2);
    expect(meter.chunkSize("look")).toBeLessThan(guessed);
  });

  it("of tokens that are looked at leave no more than 32 MB of logits", () => {
    const meter = createSpeedMeter(512, 150_000);
    for (let i = 0; i < 10; i++) meter.addLooked(100, 1);
    const size = meter.chunkSize("look", quietBudget);
    expect(size * 150_000 * 4).toBeLessThan(34_000_000);
    expect(size).toBeGreaterThan(quietBudget.leastTokens);
    expect(createSpeedMeter(512, 10_000_000).chunkSize("look", quietBudget)).toBe(16);
  });
});
