import { describe, expect, it } from "vitest";
import { keepSpeeds } from "../../../server/compose/keepSpeeds.ts";
import type { MeasuredSpeed } from "../../../server/models/fit/speeds.ts";
import type { HostHealth } from "../../../server/protocol/host.ts";
import { createManualClock } from "../../support/manualClock.ts";

const health: HostHealth = {
  ...{ pid: 1, hostVersion: "1", uptimeSeconds: 1, clients: 1, queued: 0, residentBytes: 1 },
  ...{ threads: { decode: 1, prefill: 1 }, slots: [], modelBytes: 1e9 },
  speed: { prefill: 100, decode: 20 },
  state: {
    kind: "ready",
    backend: { requested: "auto", used: "cpu" },
    model: {
      ...{ path: "/m.gguf", fileSizeBytes: 2e9, architecture: "a", name: "m", tokenizerPre: "" },
      ...{ parameters: 1.5e9, quantization: "Q8_0", trainContextSize: 1024, contextSize: 1024 },
      ...{ specialTokens: [], vocabularySize: 1 },
    },
  },
};

function start(answer: HostHealth = health) {
  const clock = createManualClock();
  const kept: MeasuredSpeed[] = [];
  let asked = 0;
  let listener = (): void => undefined;
  const end = keepSpeeds({
    ...{ homePath: "/home", clock },
    engine: {
      health: () => {
        asked += 1;
        return Promise.resolve({ kind: "done", value: answer });
      },
    },
    completer: {
      onGenerated(next) {
        listener = next;
        return () => (listener = () => undefined);
      },
    },
    remember: (_home, speed) => {
      kept.push(speed);
      return Promise.resolve();
    },
  });
  const generate = (times: number) => {
    for (let time = 0; time < times; time += 1) listener();
  };
  const pass = async (ms: number) => {
    clock.advance(ms);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { generate, pass, kept, end, asked: () => asked };
}

describe("the speed of the loaded model", () => {
  it("is kept in a pause after some suggestions", async () => {
    const { generate, pass, kept } = start();
    generate(10);
    await pass(4999);
    expect(kept).toEqual([]);
    await pass(1);
    expect(kept).toEqual([
      {
        ...{ modelPath: "/m.gguf", weightsBytes: 1e9, parameters: 1.5e9, backend: "cpu" },
        ...{ prefillPerSecond: 100, decodePerSecond: 20 },
      },
    ]);
  });

  it("is asked for neither while one types nor again within minutes", async () => {
    const { generate, pass, asked } = start();
    for (let key = 0; key < 30; key += 1) {
      generate(1);
      await pass(1000);
    }
    expect(asked()).toBe(0);
    await pass(5000);
    expect(asked()).toBe(1);
    generate(100);
    await pass(60_000);
    expect(asked()).toBe(1);
    await pass(10 * 60_000);
    generate(100);
    await pass(5000);
    expect(asked()).toBe(2);
  });

  it("is not asked for after so few suggestions that it says little, nor after the end", async () => {
    const { generate, pass, asked, end } = start();
    generate(9);
    await pass(60_000);
    generate(1);
    end();
    await pass(60_000);
    expect(asked()).toBe(0);
  });

  it.each<[string, Partial<HostHealth>]>([
    ["nothing was measured", { speed: {} }],
    ["the model is half on the GPU", { layers: { gpu: 10, total: 20 } }],
    ["the model is loading again", { state: { kind: "loading" } }],
  ])("is not kept where %s", async (_, changed) => {
    const { generate, pass, kept, asked } = start({ ...health, ...changed });
    generate(10);
    await pass(5000);
    expect(asked()).toBe(1);
    expect(kept).toEqual([]);
  });
});
