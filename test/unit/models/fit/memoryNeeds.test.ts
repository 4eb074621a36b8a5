import { describe, expect, it } from "vitest";
import {
  computeBytes,
  expectedFileBytes,
  kvBytes,
  usualShape,
} from "../../../../server/models/fit/memoryNeeds.ts";

const tiny = { layers: 8, width: 256, heads: 4, kvHeads: 1, vocabulary: 8192 };
const starCoder2 = { layers: 30, width: 3072, heads: 24, kvHeads: 2, vocabulary: 49152 };
const codeLlama = { layers: 32, width: 4096, heads: 32, kvHeads: 32, vocabulary: 32016 };
const qwen = { layers: 24, width: 896, heads: 14, kvHeads: 2, vocabulary: 151936 };

describe("what a model takes while it runs", () => {
  /*
   * In megabytes, as node-llama-cpp 3.22.1 simulates it: four sequences, a batch of 512, flash
   * attention. The first is the bundled model, the last a real file; the others are headers of these
   * shapes without weights.
   */
  it.each([
    ["StarCoder Tiny", tiny, 1024, 8.39, 18.4],
    ["StarCoder2 3B", starCoder2, 4096, 503.3, 119.5],
    ["StarCoder2 3B", starCoder2, 8192, 1006.6, 119.5],
    ["Code Llama 7B", codeLlama, 1024, 2147.5, 102.3],
    ["Code Llama 7B", codeLlama, 8192, 17179.9, 109.6],
    ["Qwen2.5-Coder 0.5B", qwen, 2048, 100.7, 316.7],
  ])("is for %s what the engine counts: %#", (_, shape, contextSize, kv, compute) => {
    expect(kvBytes(shape, contextSize, "f16") / 1e6).toBeCloseTo(kv, 0);
    const ratio = computeBytes(shape, contextSize) / 1e6 / compute;
    expect(ratio).toBeGreaterThanOrEqual(0.99);
    expect(ratio).toBeLessThan(1.15);
  });

  it("halves the cache, about, with 8 bits a value, and rounds contexts up as the engine does", () => {
    expect(kvBytes(qwen, 1024, "q8_0") / kvBytes(qwen, 1024, "f16")).toBeCloseTo(34 / 64);
    expect(kvBytes(qwen, 1000, "f16")).toBe(kvBytes(qwen, 1024, "f16"));
  });

  it("counts heads that are wider than the width divided by their number", () => {
    const wide = { layers: 28, width: 3072, heads: 16, kvHeads: 16, vocabulary: 256000 };
    expect(kvBytes({ ...wide, headSize: 256 }, 256, "f16")).toBe(4 * 256 * 2 * 28 * 256 * 16 * 2);
  });

  it("knows about how large files of each quantization are", () => {
    expect((expectedFileBytes(6.74e9, "Q4_K_M") ?? 0) / 4.08e9).toBeCloseTo(1, 1);
    expect((expectedFileBytes(6.74e9, "q8_0") ?? 0) / 7.16e9).toBeCloseTo(1, 1);
    expect(expectedFileBytes(6.74e9, "Q9_Z")).toBeUndefined();
  });

  it("takes a usual shape where none is known, one that adds up", () => {
    for (const parameters of [1e8, 1e9, 3e9, 7e9, 15e9, 70e9]) {
      const { layers, width, heads, kvHeads } = usualShape(parameters / 2, parameters);
      expect(heads % kvHeads).toBe(0);
      const ratio = (12 * layers * width ** 2) / parameters;
      expect(ratio).toBeGreaterThan(0.4);
      expect(ratio).toBeLessThan(2.5);
    }
  });
});
