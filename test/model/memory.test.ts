import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getLlama, GgmlType, GgufInsights, readGgufFileInfo, type Llama } from "node-llama-cpp";
import { readGgufFile, type GgufFile } from "../../server/models/ggufFile.ts";
import {
  computeBytes,
  hostSequences,
  kvBytes,
  type KvType,
} from "../../server/models/fit/memoryNeeds.ts";
import { bundledModelPath } from "../support/bundledModel.ts";

describe("the memory of the bundled model", () => {
  let llama: Llama;
  let insights: GgufInsights;
  let file: GgufFile;
  beforeAll(async () => {
    llama = await getLlama({ build: "never", gpu: false, progressLogs: false });
    insights = await GgufInsights.from(await readGgufFileInfo(bundledModelPath), llama);
    file = await readGgufFile(bundledModelPath);
  });
  afterAll(() => llama.dispose());

  /** As the engine simulates a context like the host's. */
  async function simulated(contextSize: number, kvType: KvType): Promise<number> {
    const type = kvType === "f16" ? GgmlType.F16 : GgmlType.Q8_0;
    const { cpuRam } = await insights.estimateContextResourceRequirementsV2({
      ...{ contextSize, modelGpuLayers: 0, sequences: hostSequences, batchSize: 512 },
      ...{ kvCacheKeyType: type, kvCacheValueType: type },
    });
    return cpuRam;
  }

  function shapeOf({ shape }: GgufFile) {
    if (shape === undefined) throw new Error("no shape");
    return shape;
  }

  it("is for the weights the file, but for the vocabulary in its header", async () => {
    const { cpuRam } = await insights.estimateModelResourceRequirementsV2({ gpuLayers: 0 });
    expect(file.sizeBytes / cpuRam).toBeGreaterThan(1);
    expect(file.sizeBytes / cpuRam).toBeLessThan(1.05);
  });

  it.each([
    ["f16", 1024],
    ["f16", 512],
    ["q8_0", 1024],
  ] as const)("is for a context of %s with %i tokens what the engine says", async (type, size) => {
    const ours = kvBytes(shapeOf(file), size, type) + computeBytes(shapeOf(file), size);
    const ratio = ours / (await simulated(size, type));
    expect(ratio).toBeGreaterThan(0.97);
    expect(ratio).toBeLessThan(1.15);
  });

  it("grows with the context as the engine's does", async () => {
    const ours = kvBytes(shapeOf(file), 1024, "f16") - kvBytes(shapeOf(file), 512, "f16");
    const theirs = (await simulated(1024, "f16")) - (await simulated(512, "f16"));
    expect(ours / theirs).toBeCloseTo(1, 1);
  });
});
