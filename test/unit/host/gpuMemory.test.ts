import { describe, expect, it } from "vitest";
import { createGpuMemory, type GpuMemory } from "../../../server/host/gpuMemory.ts";

const settled = () => new Promise((resolve) => setImmediate(resolve));
const used = (usedBytes: number): GpuMemory => ({ totalBytes: 10, usedBytes, devices: ["GPU 0"] });

describe("the memory of the GPUs", () => {
  it("is told at once, and read anew only after three seconds", async () => {
    let time = 0;
    let reads = 0;
    const memory = createGpuMemory(
      () => Promise.resolve(used((reads += 1))),
      () => time,
    );
    expect(memory()).toBeUndefined();
    await settled();
    expect(memory()).toEqual(used(1));
    time = 2999;
    memory();
    await settled();
    expect(memory()).toEqual(used(1));
    time = 3000;
    expect(memory()).toEqual(used(1));
    await settled();
    expect(memory()).toEqual(used(2));
  });

  it("is asked for once while the driver does not answer", async () => {
    let time = 0;
    let reads = 0;
    const memory = createGpuMemory(
      () => {
        reads += 1;
        return new Promise(() => undefined);
      },
      () => time,
    );
    for (time = 0; time < 20_000; time += 1000) expect(memory()).toBeUndefined();
    await settled();
    expect(reads).toBe(1);
  });

  it("is not known where the driver fails", async () => {
    const memory = createGpuMemory(
      () => Promise.reject(new Error("no driver")),
      () => 0,
    );
    await settled();
    expect(memory()).toBeUndefined();
  });
});
