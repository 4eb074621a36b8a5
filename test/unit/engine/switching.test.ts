import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { EngineState } from "../../../server/engine/engine.ts";
import type { LocalEngine } from "../../../server/engine/local/localEngine.ts";
import { CodedError, type ErrorCode } from "../../../server/protocol/errors.ts";
import { noUsage, type HostState } from "../../../server/protocol/host.ts";
import { answering, modelDescription, readyState, type Behaviour } from "../../support/fakeHost.ts";
import {
  fakeConfig,
  fakeEngine,
  reaches,
  smallRequest as request,
} from "../../support/localEngine.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;
const loading: HostState = { kind: "loading" };

function named(name: string): Extract<HostState, { kind: "ready" }> {
  return { ...readyState, model: { ...modelDescription, name } };
}

/** A host whose model has this name and answers. */
function model(name: string, change: Behaviour = {}): Behaviour {
  return { state: named(name), generate: answering(), ...change };
}

function failing(code: ErrorCode, detail: string): Behaviour {
  return { state: { kind: "failed", error: new CodedError(code, detail).toData() } };
}

/** Settles with the first state that fits, the present one included. */
function seen(engine: LocalEngine, fits: (state: EngineState) => boolean): Promise<EngineState> {
  return new Promise((resolve) => {
    const look = (state: EngineState): void => {
      if (!fits(state)) return;
      stop();
      resolve(state);
    };
    const stop = engine.onState(look);
    look(engine.state);
  });
}

const uses =
  (name: string) =>
  (state: EngineState): boolean =>
    state.kind === "ready" && state.model.name === name && state.switchingTo === undefined;
const failed = (state: EngineState): boolean =>
  state.kind === "ready" && state.switchFailure !== undefined;

/** An engine whose first model serves, and the file of a second one. */
async function serving(behaviours: readonly (Behaviour | "dies")[]) {
  const fake = fakeEngine(behaviours);
  fake.engine.start("background");
  await reaches(fake.engine, "ready");
  return { ...fake, old: fake.fakes.host, other: fakeConfig(fake.folder, "other.gguf") };
}

describe("switching to another model", () => {
  it("uses the new one when it has answered a test completion, and says so on the way", async () => {
    const { engine, fakes, old, other } = await serving([model("old"), model("new")]);
    const states: EngineState[] = [];
    engine.onState((state) => states.push(state));
    engine.setConfig(other);
    await seen(engine, uses("new"));
    expect(fakes.host.received).toEqual(["hello", "generate"]);
    expect(states.every(({ kind }) => kind === "ready")).toBe(true);
    expect(states[0]).toMatchObject({ model: { name: "old" }, switchingTo: other.modelPath });
    await expect.poll(() => old.received).toContain("retire");
  });

  it("keeps the old one, with the reason, where the new one cannot be loaded", async () => {
    const broken = failing("MODEL_INVALID", "It ends too soon.");
    const { engine, fakes, old, other } = await serving([model("old"), broken]);
    engine.setConfig(other);
    const state = await seen(engine, failed);
    expect(state).toMatchObject({
      kind: "ready",
      model: { name: "old" },
      switchFailure: { code: "MODEL_SWITCH_FAILED" },
    });
    const { switchFailure } = state as Extract<EngineState, { kind: "ready" }>;
    expect(switchFailure?.message).toContain("other.gguf");
    expect(switchFailure?.message).toContain("It ends too soon.");
    await expect.poll(() => fakes.host.received).toContain("retire");
    expect(old.received).not.toContain("retire");
    expect(await engine.generate(request, ignore, never)).toMatchObject({ kind: "done" });
  });

  it("keeps the old one where the file of the new one is gone", async () => {
    const { engine, fakes, other } = await serving([model("old")]);
    rmSync(other.modelPath);
    engine.setConfig(other);
    expect(await seen(engine, failed)).toMatchObject({ model: { name: "old" } });
    expect(fakes.launches).toBe(1);
  });

  it.each<[string, Behaviour["generate"], string]>([
    [
      "answers nothing",
      () => Promise.resolve({ finish: "stop", usage: noUsage }),
      "answered a test completion with nothing",
    ],
    ["has probabilities that are no numbers", answering("x", Number.NaN), "no probabilities"],
    ["refuses the test completion", () => Promise.reject(new Error("it broke")), "it broke"],
  ])("keeps the old one where the new one %s", async (_what, generate, reason) => {
    const { engine, fakes, other } = await serving([
      model("old"),
      { state: named("new"), ...(generate === undefined ? {} : { generate }) },
    ]);
    engine.setConfig(other);
    const state = await seen(engine, failed);
    expect(state).toMatchObject({ model: { name: "old" } });
    expect(JSON.stringify(state)).toContain("MODEL_SWITCH_FAILED");
    const { switchFailure } = state as Extract<EngineState, { kind: "ready" }>;
    expect(switchFailure?.message).toContain(reason);
    await expect.poll(() => fakes.host.received).toContain("retire");
  });

  it("keeps the old one where the new one does not answer within a minute", async () => {
    const { engine, clock, fakes, other } = await serving([model("old"), { state: named("new") }]);
    engine.setConfig(other);
    await expect.poll(() => fakes.launches).toBe(2);
    await expect.poll(() => fakes.host.received).toContain("generate");
    // The host is alive: it answers pings all the while.
    const timer = setInterval(() => clock.advance(1000), 1);
    const state = await seen(engine, failed);
    clearInterval(timer);
    expect(state).toMatchObject({ model: { name: "old" } });
  });

  it("tries once more where the new host dies, then keeps the old one", async () => {
    const { engine, clock, fakes, other } = await serving([model("old"), "dies"]);
    engine.setConfig(other);
    const timer = setInterval(() => clock.advance(100), 1);
    const state = await seen(engine, failed);
    clearInterval(timer);
    expect(fakes.launches).toBe(3);
    expect(state).toMatchObject({ model: { name: "old" } });
  });

  it("forgets a failure when something else is chosen, and tries the same again when told to", async () => {
    const broken = failing("MODEL_INVALID", "It ends too soon.");
    const { engine, fakes, config, other } = await serving([model("old"), broken, model("new")]);
    engine.setConfig(other);
    await seen(engine, failed);
    engine.setConfig(config);
    expect(engine.state).toMatchObject({ kind: "ready", model: { name: "old" } });
    expect(failed(engine.state)).toBe(false);
    expect(fakes.launches).toBe(2);
    engine.setConfig(other);
    await seen(engine, failed);
    engine.setConfig(other);
    expect(failed(engine.state)).toBe(true);
    engine.setConfig(other, true);
    await seen(engine, uses("new"));
    expect(failed(engine.state)).toBe(false);
  });

  it("follows a change in the middle of a change, and lets the first one go", async () => {
    const { engine, fakes, folder, other } = await serving([
      model("old"),
      { state: loading },
      model("third"),
    ]);
    engine.setConfig(other);
    await expect.poll(() => fakes.launches).toBe(2);
    const second = fakes.host;
    await expect.poll(() => second.received).toContain("hello");
    engine.setConfig(fakeConfig(folder, "third.gguf"));
    await seen(engine, uses("third"));
    await expect.poll(() => second.received).toContain("retire");
  });

  it("starts nothing where the change is taken back", async () => {
    const { engine, fakes, config, old, other } = await serving([model("old"), { state: loading }]);
    engine.setConfig(other);
    await expect.poll(() => fakes.launches).toBe(2);
    await expect.poll(() => fakes.host.received).toContain("hello");
    engine.setConfig(config);
    expect(uses("old")(engine.state)).toBe(true);
    await expect.poll(() => fakes.host.received).toContain("retire");
    expect(fakes.launches).toBe(2);
    expect(old.received).not.toContain("retire");
  });

  it("goes on to the new one where the old one dies meanwhile", async () => {
    const { engine, fakes, old, other } = await serving([
      model("old"),
      { state: loading, generate: answering() },
    ]);
    engine.setConfig(other);
    await expect.poll(() => fakes.launches).toBe(2);
    await expect.poll(() => fakes.host.received).toContain("hello");
    old.kill();
    await reaches(engine, "starting");
    fakes.host.announce(named("new"));
    await seen(engine, uses("new"));
  });
});

describe("switching where memory holds one model", () => {
  it("lets the old one go, when what runs on it is done, and loads the new one", async () => {
    let finish: () => void = ignore;
    const slow: Behaviour["generate"] = () =>
      new Promise((resolve) => {
        finish = () => resolve({ finish: "stop", usage: noUsage });
      });
    const { engine, clock, fakes, old, other } = await serving([
      model("old", { generate: slow }),
      failing("MEMORY_ERROR", "It needs 9 GB."),
      model("new"),
    ]);
    const running = engine.generate(request, ignore, never);
    await expect.poll(() => old.received).toContain("generate");
    engine.setConfig(other);
    const state = await reaches(engine, "starting");
    expect(state.why).toContain("one model at a time");
    expect(fakes.launches).toBe(2);
    expect(old.received).not.toContain("retire");
    fakes.ends(fakes.host);
    finish();
    expect(await running).toMatchObject({ kind: "done" });
    await expect.poll(() => old.received).toContain("retire");
    fakes.ends(old);
    const timer = setInterval(() => clock.advance(50), 1);
    await seen(engine, uses("new"));
    clearInterval(timer);
    expect(failed(engine.state)).toBe(false);
  });

  it("loads the old one again where the new one fails alone, too", async () => {
    const tooLarge = failing("MEMORY_ERROR", "It needs 9 GB.");
    const { engine, clock, fakes, old, other } = await serving([
      model("old"),
      tooLarge,
      tooLarge,
      model("old again"),
    ]);
    engine.setConfig(other);
    await expect.poll(() => old.received).toContain("retire");
    fakes.ends(old);
    const timer = setInterval(() => clock.advance(50), 1);
    const state = await seen(engine, failed);
    clearInterval(timer);
    expect(state).toMatchObject({ kind: "ready", model: { name: "old again" } });
    const { switchFailure } = state as Extract<EngineState, { kind: "ready" }>;
    expect(switchFailure?.message).toContain("It needs 9 GB.");
    expect(fakes.launches).toBe(4);
  });

  it("goes on with the old one where other windows keep it", async () => {
    const tooLarge = failing("MEMORY_ERROR", "It needs 9 GB.");
    const { engine, clock, fakes, old, other } = await serving([model("old"), tooLarge]);
    engine.setConfig(other);
    const timer = setInterval(() => clock.advance(50), 1);
    expect(await seen(engine, failed)).toMatchObject({ kind: "ready", model: { name: "old" } });
    clearInterval(timer);
    expect(fakes.launches).toBe(3);
    expect(old.received.filter((name) => name === "hello")).toHaveLength(2);
  });
});

describe("a host whose place a newer version takes", () => {
  it("serves on until the new one is ready, and is left then", async () => {
    const { engine, fakes, old, config } = await serving([
      model("old"),
      { state: loading, generate: answering() },
    ]);
    const kinds: string[] = [];
    engine.onState(({ kind }) => kinds.push(kind));
    // It has left its socket and its run file.
    rmSync(old.launch.runFilePath);
    old.announce({ kind: "retiring", superseded: true });
    await expect.poll(() => fakes.launches).toBe(2);
    expect(await engine.generate(request, ignore, never)).toMatchObject({ kind: "done" });
    await expect.poll(() => fakes.host.received).toContain("hello");
    fakes.host.announce(named("new"));
    await seen(engine, uses("new"));
    await expect.poll(() => old.connections.size).toBe(0);
    expect(new Set(kinds)).toEqual(new Set(["ready"]));
    expect(old.received).not.toContain("retire");
    expect(fakes.host.launch.config).toEqual(config);
  });
});
