import { describe, expect, it } from "vitest";
import { expectedSpeed, mixedSpeed } from "../../../../server/models/fit/expectedSpeed.ts";
import type { MeasuredSpeed } from "../../../../server/models/fit/speeds.ts";

function measured(given: Partial<MeasuredSpeed>): MeasuredSpeed {
  return { modelPath: "/m", weightsBytes: 1e9, parameters: 1.5e9, backend: "cpu", ...given };
}

const half = { weightsBytes: 0.5e9, parameters: 0.75e9 };

describe("how fast a model is expected to be", () => {
  it("is not known where nothing was measured with this backend", () => {
    const onGpu = measured({ backend: "cuda", prefillPerSecond: 5000, decodePerSecond: 200 });
    expect(expectedSpeed(half, "cpu", [onGpu])).toEqual({});
    expect(expectedSpeed(half, "cpu", [])).toEqual({});
  });

  it("follows the size of the one that was measured: twice as small, almost twice as fast", () => {
    const speed = expectedSpeed(half, "cpu", [
      measured({ prefillPerSecond: 100, decodePerSecond: 20 }),
    ]);
    expect(speed.decodePerSecond).toBeGreaterThan(38);
    expect(speed.decodePerSecond).toBeLessThan(40);
    expect(speed.prefillPerSecond).toBeGreaterThan(195);
    expect(speed.prefillPerSecond).toBeLessThan(200);
  });

  it("is that of the model itself where it ran", () => {
    const same = measured({ prefillPerSecond: 100, decodePerSecond: 20 });
    const speed = expectedSpeed(same, "cpu", [same, measured({ weightsBytes: 5e9 })]);
    expect(speed.decodePerSecond).toBeCloseTo(20);
    expect(speed.prefillPerSecond).toBeCloseTo(100);
  });

  it("follows the measured model nearest in size", () => {
    const small = measured({ weightsBytes: 8e6, parameters: 7.6e6, decodePerSecond: 1300 });
    const near = measured({ weightsBytes: 0.6e9, decodePerSecond: 50 });
    expect(expectedSpeed(half, "cpu", [small, near]).decodePerSecond).toBeCloseTo(59.5, 0);
  });

  /*
   * As measured on two cores (tokens a second): from the bundled model, which is mostly overhead, to
   * models of 200 MB and 750 MB that wrote 70 and 33.
   */
  it("takes a small model's overhead for what it is: right within a factor of two", () => {
    const bundled = measured({
      ...{ weightsBytes: 8.4e6, parameters: 7.6e6 },
      ...{ prefillPerSecond: 7200, decodePerSecond: 1300 },
    });
    const of = (weightsBytes: number, parameters: number) =>
      expectedSpeed({ weightsBytes, parameters }, "cpu", [bundled]);
    expect((of(2.1e8, 1.98e8).decodePerSecond ?? 0) / 70).toBeGreaterThan(0.5);
    expect((of(2.1e8, 1.98e8).decodePerSecond ?? 0) / 70).toBeLessThan(2);
    expect((of(7.5e8, 1.23e9).decodePerSecond ?? 0) / 33).toBeGreaterThan(0.5);
    expect((of(7.5e8, 1.23e9).decodePerSecond ?? 0) / 33).toBeLessThan(2);
    expect((of(2.1e8, 1.98e8).prefillPerSecond ?? 0) / 500).toBeCloseTo(1, 0);
    expect((of(7.5e8, 1.23e9).prefillPerSecond ?? 0) / 97).toBeCloseTo(1, 0);
  });

  it("says when the measured models are of quite another size", () => {
    const small = measured({ weightsBytes: 8e6, parameters: 7.6e6, decodePerSecond: 1300 });
    expect(expectedSpeed(half, "cpu", [small]).far).toBe(true);
    expect(
      expectedSpeed(half, "cpu", [small, measured({ decodePerSecond: 20 })]).far,
    ).toBeUndefined();
  });

  it("lies between both where a part of the layers is on the GPU, or is not known", () => {
    const [gpu, cpu] = [{ decodePerSecond: 100 }, { decodePerSecond: 10, prefillPerSecond: 100 }];
    expect(mixedSpeed(gpu, cpu, 0.5).decodePerSecond).toBeCloseTo(18.2, 1);
    expect(mixedSpeed(gpu, cpu, 0.5).prefillPerSecond).toBeUndefined();
  });
});
