import { describe, expect, it } from "vitest";
import { createHostService } from "../../../server/host/hostService.ts";
import type { MemoryReading } from "../../../server/host/memorySource.ts";
import { spareMemory } from "../../../server/host/spareMemory.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { GenerateParams } from "../../../server/protocol/host.ts";
import { quietLog } from "../../support/bundledModel.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { fakeModel } from "./fakeModel.ts";

const generate: GenerateParams = {
  id: "1",
  prompt: [{ text: "a" }],
  heal: "",
  priority: "typing",
  maxTokens: 2,
  sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
  stopTokens: [],
  stopStrings: [],
};
const never = new AbortController().signal;
const ignore = (): void => undefined;
const turns = async (): Promise<void> => {
  for (let left = 20; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
};
const room: MemoryReading = { availableBytes: 2 ** 34, totalBytes: 2 ** 35 };
const shortage: MemoryReading = { availableBytes: 2 ** 20, totalBytes: 2 ** 35 };

/** A host's service whose model, memory and time are the test's. */
async function setUp(options: { resizes?: boolean; unloadAfterSeconds?: number } = {}) {
  const clock = createManualClock();
  const states: string[] = [];
  const sizes: number[] = [];
  let memory = room;
  let loads = 0;
  let failure: CodedError | undefined;
  let onEvaluate = ignore;
  const service = createHostService({
    load() {
      if (failure !== undefined) return Promise.reject(failure);
      loads += 1;
      const model = fakeModel({
        ...{ vocabulary: ["a", "b"], contextSize: 2048, sequences: 4 },
        onEvaluate: () => onEvaluate(),
      });
      const resize = (size: number): Promise<void> => {
        sizes.push(size);
        (model.description as { contextSize: number }).contextSize = size;
        return Promise.resolve();
      };
      return Promise.resolve(options.resizes === true ? Object.assign(model, { resize }) : model);
    },
    now: () => clock.now(),
    after: (milliseconds, callback) => clock.after(milliseconds, callback),
    log: quietLog,
    hasRoom: () => sparing.hasRoom(),
  });
  const sparing = spareMemory({
    ...{ service, log: quietLog, unloadAfterSeconds: options.unloadAfterSeconds ?? 0 },
    after: (milliseconds, callback) => clock.after(milliseconds, callback),
    source: () => Promise.resolve(memory),
  });
  service.onState((state) =>
    states.push(state.kind === "unloaded" ? `unloaded: ${state.why}` : state.kind),
  );
  await service.start();
  return {
    ...{ service, states, sizes },
    get loads() {
      return loads;
    },
    fail: (error: CodedError | undefined) => (failure = error),
    onEvaluate: (listener: () => void) => (onEvaluate = listener),
    async pass(seconds: number, reading = memory): Promise<void> {
      memory = reading;
      for (let left = seconds; left > 0; left -= 5) {
        clock.advance(Math.min(5, left) * 1000);
        await turns();
      }
    },
    ask: () => service.generate(generate, ignore, never),
  };
}

describe("a model nobody asks", () => {
  it("is unloaded after the time, and loaded by the next request, which is answered", async () => {
    const host = await setUp({ unloadAfterSeconds: 60 });
    await host.pass(30);
    await host.ask();
    await host.pass(55);
    expect(host.states).toEqual(["ready"]);
    await host.pass(10);
    expect(host.states).toEqual(["ready", "unloaded: idle"]);
    expect(host.service.state).toMatchObject({ model: { contextSize: 2048 } });
    const answers = await Promise.all([host.ask(), host.ask(), host.service.tokenize(["ab"])]);
    expect(answers).toMatchObject([{ finish: "length" }, { finish: "length" }, [[0, 1]]]);
    expect(host.loads).toBe(2);
    expect(host.states).toEqual(["ready", "unloaded: idle", "ready"]);
    await host.pass(65);
    expect(host.states.at(-1)).toBe("unloaded: idle");
  });

  it("stays with 0", async () => {
    const host = await setUp();
    await host.pass(100);
    expect(host.states).toEqual(["ready"]);
  });

  it("says why it could not be loaded again", async () => {
    const host = await setUp({ unloadAfterSeconds: 5 });
    await host.pass(10);
    host.fail(new CodedError("MODEL_CHANGED"));
    await expect(host.ask()).rejects.toMatchObject({ code: "MODEL_CHANGED" });
    expect(host.states.at(-1)).toBe("failed");
  });
});

describe("a model while memory is short", () => {
  it("loses half of its context twice, then all, and comes back when there is room", async () => {
    const host = await setUp({ resizes: true });
    await host.pass(15, shortage);
    expect(host.sizes).toEqual([1024, 512]);
    expect(host.states).toEqual(["ready", "ready", "ready", "unloaded: memory"]);
    await expect(host.ask()).rejects.toMatchObject({ code: "MEMORY_PRESSURE" });
    await host.pass(25, room);
    await expect(host.ask()).rejects.toMatchObject({ code: "MEMORY_PRESSURE" });
    expect(host.loads).toBe(1);
    await host.pass(5);
    expect(host.states.at(-1)).toBe("ready");
    expect(await host.ask()).toMatchObject({ finish: "length" });
  });

  it("says that its context is smaller, until it has its size back", async () => {
    const host = await setUp({ resizes: true });
    await host.pass(5, shortage);
    expect(host.service.state).toMatchObject({
      kind: "ready",
      shrunk: { code: "MEMORY_PRESSURE" },
    });
    await host.pass(30, room);
    expect(host.sizes).toEqual([1024, 2048]);
    expect(host.service.state).not.toHaveProperty("shrunk");
  });

  it("is unloaded under a request, which settles with the reason", async () => {
    const host = await setUp();
    let unloading: Promise<void> | undefined;
    host.onEvaluate(() => {
      unloading ??= host.service.unload("memory");
    });
    const long = { ...generate, maxTokens: 1000 };
    const asked = host.service.generate(long, ignore, never);
    await expect(asked).rejects.toMatchObject({ code: "MEMORY_PRESSURE" });
    await unloading;
    expect(host.service.health()).toMatchObject({ queued: 0, state: { why: "memory" } });
  });

  it("is given its context back when what runs on it is done", async () => {
    const host = await setUp({ resizes: true });
    await host.pass(5, shortage);
    let growing: Promise<void> | undefined;
    host.onEvaluate(() => {
      growing ??= host.service.roomAgain();
    });
    expect(await host.ask()).toMatchObject({ finish: "length" });
    await growing;
    expect(host.sizes).toEqual([1024, 2048]);
  });

  it.each(["unload", "shrink"] as const)(
    "is not said to work where its file changed during %s",
    async (change) => {
      const host = await setUp({ resizes: true });
      let changing: Promise<unknown> | undefined;
      host.onEvaluate(() => {
        if (changing !== undefined) return;
        changing = change === "unload" ? host.service.unload("idle") : host.service.shrink();
        setImmediate(() => host.service.fail(new CodedError("MODEL_CHANGED")));
      });
      await host.ask().catch(ignore);
      await changing;
      expect(host.states).toEqual(["ready", "failed"]);
      expect(host.service.state).toMatchObject({ error: { code: "MODEL_CHANGED" } });
    },
  );

  it("stays unloaded where it does not fit though there seemed to be room", async () => {
    const host = await setUp();
    await host.pass(5, shortage);
    await host.pass(30, room);
    host.fail(new CodedError("MEMORY_ERROR"));
    await expect(host.ask()).rejects.toMatchObject({ code: "MEMORY_PRESSURE" });
    expect(host.service.state).toMatchObject({ kind: "unloaded", why: "memory" });
    host.fail(undefined);
    expect(await host.ask()).toMatchObject({ finish: "length" });
  });
});

describe("a host that is superseded", () => {
  it("says so and serves on, until it retires", async () => {
    const { service, states, ask } = await setUp();
    service.supersede();
    expect(states).toEqual(["ready", "retiring"]);
    expect(service.state).toEqual({ kind: "retiring", superseded: true });
    expect(await ask()).toMatchObject({ finish: "length" });
    await service.retire();
    await expect(ask()).rejects.toMatchObject({ code: "MODEL_UNAVAILABLE" });
  });
});
