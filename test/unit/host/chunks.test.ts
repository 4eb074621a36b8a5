import { describe, expect, it } from "vitest";
import { createSpeedMeter, stepBudgetMs } from "../../../server/host/chunks.ts";

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
});
