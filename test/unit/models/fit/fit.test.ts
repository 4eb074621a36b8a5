import { describe, expect, it } from "vitest";
import { shippedEntries } from "../../../../server/models/catalogue/shippedEntries.ts";
import { fitModel } from "../../../../server/models/fit/fit.ts";
import { chooseQuantization } from "../../../../server/models/fit/recommend.ts";
import { modelFitSchema, type ModelFit } from "../../../../server/protocol/models.ts";
import { machines } from "./machines.ts";

type Name = keyof typeof machines;

function fitOf(id: string, name: Name): ModelFit {
  const entry = shippedEntries().find((known) => known.id === id);
  const fit = entry && chooseQuantization(entry, machines[name])?.fit;
  if (fit === undefined) throw new Error(`no fit of ${id}`);
  return modelFitSchema.parse(fit);
}

function total({ weightsBytes, kvBytes, computeBytes }: ModelFit): number {
  return weightsBytes + kvBytes + computeBytes;
}

describe("how a model would run on a machine", () => {
  it.each<[string, Name, ModelFit["verdict"], number, number]>([
    ["starcoder-tiny", "tinyLaptop", "fits", 1024, 0],
    ["starcoder-tiny", "container", "fits", 1024, 0],
    ["starcoderbase-1b", "laptop", "fits", 4096, 0],
    ["starcoder2-3b", "laptop", "slow", 4096, 0],
    ["starcoder2-7b", "laptop", "slow", 4096, 0],
    ["starcoder2-7b", "tinyLaptop", "tooLarge", 1024, 0],
    ["starcoder2-3b", "container", "tooLarge", 1024, 0],
    ["starcoder", "laptop", "tooLarge", 1024, 0],
    ["starcoder2-3b", "gpu4", "fits", 8192, 31],
    ["starcoder2-7b", "gpu4", "slow", 2048, 22],
    ["starcoder2-7b", "gpu8", "fits", 8192, 33],
    ["starcoder2-15b", "gpu24", "fits", 8192, 41],
    ["starcoder2-7b", "apple16", "slow", 8192, 33],
    ["starcoder2-7b", "apple32", "fits", 8192, 33],
    ["codestral-22b", "apple16", "tooLarge", 1024, 0],
    ["starcoder", "twoGpus", "fits", 8192, 41],
    ["starcoder-tiny", "nothing", "tooLarge", 1024, 0],
  ])("%s on %s: %s, with %i tokens and %i layers on the GPU", (id, name, verdict, context, gpu) => {
    const fit = fitOf(id, name);
    expect([fit.verdict, fit.contextSize, fit.gpuLayers]).toEqual([verdict, context, gpu]);
  });

  it.each(Object.keys(machines) as Name[])(
    "never plans more than %s has, whatever the model",
    (name) => {
      const { totalBytes, gpus } = machines[name];
      const onGpus = gpus.reduce((all, one) => all + one.totalBytes, 0);
      for (const { id } of shippedEntries()) {
        const fit = fitOf(id, name);
        expect(fit.reason, id).toMatch(/^It .*\d.*\.$/);
        expect(fit.gpuLayers, id).toBeLessThanOrEqual(fit.layers);
        if (fit.verdict === "tooLarge") continue;
        const wholly = fit.gpuLayers === fit.layers;
        expect(total(fit), id).toBeLessThan(wholly ? onGpus : totalBytes + onGpus);
        if (fit.gpuLayers > 0) expect(fit.contextSize, id).toBeGreaterThanOrEqual(1024);
      }
    },
  );

  it("takes the largest context that fits, in the engine's steps, and not one step more", () => {
    const needs = {
      weightsBytes: 4.08e9,
      parameters: 6.74e9,
      shape: { layers: 32, width: 4096, heads: 32, kvHeads: 32, vocabulary: 32016 },
      trainContextSize: 16384,
    };
    const { contextSize, kvType } = fitModel(needs, machines.twoGpus);
    expect(contextSize % 256).toBe(0);
    expect(contextSize).toBeLessThan(8192);
    const on = (size: number) => fitModel(needs, machines.twoGpus, { contextSize: size, kvType });
    expect(on(contextSize)).toMatchObject({ gpuLayers: 33 });
    expect(on(contextSize + 256).gpuLayers).toBeLessThan(33);
  });

  it("halves the cache before it gives up a useful context on the GPU", () => {
    expect(fitOf("codellama-7b", "gpu8")).toMatchObject({ kvType: "q8_0", gpuLayers: 33 });
    const needs = { weightsBytes: 4.46e9, trainContextSize: 16384 };
    expect(fitModel(needs, machines.gpu8, { kvType: "f16" }).kvType).toBe("f16");
  });

  it("keeps to a context that is set, or says that it does not fit", () => {
    const needs = { weightsBytes: 1e9, trainContextSize: 262_144 };
    expect(fitModel(needs, machines.laptop, { contextSize: 512 }).contextSize).toBe(512);
    const large = fitModel(needs, machines.laptop, { contextSize: 262_144 });
    expect(large.contextSize).toBe(262_144);
    expect(large.verdict).toBe("tooLarge");
  });

  it("is judged by the speeds measured here rather than by what is usual", () => {
    const needs = { weightsBytes: 1.9e9, parameters: 3e9, trainContextSize: 16384 };
    const measured = (decodePerSecond: number, prefillPerSecond: number) => ({
      speeds: [
        { modelPath: "/m", weightsBytes: 1.9e9, parameters: 3e9, backend: "cpu" as const },
      ].map((speed) => ({ ...speed, decodePerSecond, prefillPerSecond })),
    });
    expect(fitModel(needs, machines.laptop, measured(40, 200)).verdict).toBe("fits");
    const slow = fitModel(needs, machines.laptop, measured(4, 20));
    expect(slow.verdict).toBe("slow");
    expect(slow.decodePerSecond).toBeCloseTo(4);
    expect(slow.prefillPerSecond).toBeCloseTo(20);
    expect(slow.reason).toContain("2.9 s, too slowly for typing");
    expect(fitModel(needs, machines.laptop).decodePerSecond).toBeUndefined();
  });

  it("is not called slow for what the bundled model alone says, within its uncertainty", () => {
    const needs = { weightsBytes: 0.99e9, parameters: 1.54e9, trainContextSize: 32768 };
    const bundled = { modelPath: "/b", weightsBytes: 8.4e6, parameters: 7.6e6, backend: "cpu" };
    const of = (decodePerSecond: number, prefillPerSecond: number) =>
      fitModel(needs, machines.laptop, {
        speeds: [{ ...bundled, backend: "cpu", decodePerSecond, prefillPerSecond }],
      }).verdict;
    expect(of(1300, 7200)).toBe("fits");
    expect(of(1000, 6000)).toBe("fits");
    expect(of(100, 500)).toBe("slow");
  });

  it("needs neither shape nor parameters to be told", () => {
    const fit = fitModel({ weightsBytes: 4e9, trainContextSize: 0 }, machines.gpu8);
    expect(fit).toMatchObject({ verdict: "fits", gpuLayers: fit.layers });
  });

  it("tells what a model that is too large needs at least, and what there is", () => {
    const { reason } = fitOf("starcoder", "laptop");
    expect(reason).toMatch(/^It needs at least 10\.\d GB .* 9\.0 GB of memory can be used\.$/);
  });
});
