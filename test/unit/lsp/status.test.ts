import { describe, expect, it } from "vitest";
import type { EngineState } from "../../../server/engine/engine.ts";
import { createStatusReporter } from "../../../server/lsp/status.ts";
import { statusSchema, type Status } from "../../../server/protocol/editor.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { createManualClock } from "../../support/manualClock.ts";

const ready: Extract<EngineState, { kind: "ready" }> = {
  kind: "ready",
  model: {
    path: "/product/tiny.gguf",
    fileSizeBytes: 8_000_000,
    architecture: "starcoder2",
    name: "StarCoder Tiny",
    tokenizerPre: "starcoder",
    parameters: 7_600_000,
    quantization: "Q8_0",
    trainContextSize: 2048,
    contextSize: 2048,
    specialTokens: [],
    vocabularySize: 1000,
  },
  backend: { requested: "auto", used: "cpu" },
};

function setUp(enabled = true) {
  let state: EngineState = { kind: "stopped" };
  const listeners = new Set<(state: EngineState) => void>();
  const sent: Status[] = [];
  const clock = createManualClock();
  const reporter = createStatusReporter({
    engine: {
      get state() {
        return state;
      },
      onState(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    clock,
    isEnabled: () => enabled,
    isStarter: (path) => path === "/product/tiny.gguf",
    send: (status) => sent.push(statusSchema.parse(status)),
  });
  const become = (next: EngineState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  return { reporter, sent, clock, become };
}

describe("the status", () => {
  it("follows the engine from start to ready", () => {
    const { sent, become } = setUp();
    become({ kind: "starting" });
    become(ready);
    expect(sent.map(({ state }) => state)).toEqual(["starting", "ok"]);
    expect(sent[1]?.model).toMatchObject({ name: "StarCoder Tiny", starter: true });
    expect(sent[1]?.message).toContain("bundled starter");
  });

  it("carries code, remedy and buttons of a failure", () => {
    const { sent, become } = setUp();
    become({ kind: "failed", error: new CodedError("MODEL_NOT_FOUND", "/a.gguf") });
    expect(sent[0]).toMatchObject({
      state: "error",
      code: "MODEL_NOT_FOUND",
      actions: ["chooseModel", "useBundledModel", "openSettings"],
    });
    expect(sent[0]?.message).toContain("/a.gguf");
    expect(sent[0]?.remedy).toMatch(/\S/);
  });

  it("is starting, with the code of the crash, while a restart is due", () => {
    const { sent, become } = setUp();
    become({ kind: "restarting", error: new CodedError("HOST_DIED"), retryInMs: 500 });
    expect(sent[0]).toMatchObject({ state: "starting", code: "HOST_DIED" });
  });

  it("says why another backend is used than was asked for", () => {
    const { sent, become } = setUp();
    const backend = { requested: "cuda", used: "cpu", fallbackReason: "no driver" } as const;
    become({ ...ready, backend });
    expect(sent[0]?.message).toContain("no driver");
  });

  it("names the GPU that is not used, and why", () => {
    const { sent, become } = setUp();
    const backend = { requested: "auto", used: "cpu", fallbackReason: "no driver" } as const;
    become({ ...ready, backend });
    expect(sent[0]?.message).toContain("(GPU not used: no driver)");
    expect(sent[0]?.actions).toContain("installGpuSupport");
  });

  it("says of a change of model what is on its way, and why it failed", () => {
    const { sent, become } = setUp();
    become({ ...ready, switchingTo: "/models/large.gguf" });
    expect(sent[0]).toMatchObject({ state: "ok", switchingTo: "large.gguf" });
    expect(sent[0]?.message).toContain("large.gguf is being loaded");
    const switchFailure = new CodedError("MODEL_SWITCH_FAILED", "large.gguf: It is empty.");
    become({ ...ready, switchFailure });
    expect(sent[1]).toMatchObject({
      state: "ok",
      model: { name: "StarCoder Tiny" },
      problem: { code: "MODEL_SWITCH_FAILED", actions: ["chooseModel", "showLog"] },
    });
    expect(sent[1]?.problem?.message).toContain("It is empty.");
    expect(sent[1]?.switchingTo).toBeUndefined();
  });

  it("says that memory was short, and what was done", () => {
    const { sent, become } = setUp();
    become({ ...ready, shrunk: new CodedError("MEMORY_PRESSURE", "1024 tokens of context.") });
    expect(sent[0]?.problem).toMatchObject({ code: "MEMORY_PRESSURE" });
  });

  it("is well with a model that was unloaded, which the next key loads", () => {
    const { sent, become } = setUp();
    const { model, backend } = ready;
    become({ kind: "unloaded", model, backend, why: "idle" });
    expect(sent[0]).toMatchObject({ state: "ok", unloaded: true });
    expect(sent[0]?.message).toContain("loaded at the next key");
    become({ kind: "starting", why: "The model is loaded into memory again." });
    expect(sent[1]?.message).toBe("The model is loaded into memory again.");
  });

  it("is busy only where work takes long, and until the last of it is done", () => {
    const { reporter, sent, clock, become } = setUp();
    become(ready);
    reporter.beginWork()();
    clock.advance(1000);
    expect(sent.map(({ state }) => state)).toEqual(["ok"]);
    const endFirst = reporter.beginWork();
    const endSecond = reporter.beginWork();
    clock.advance(100);
    endFirst();
    expect(sent.at(-1)?.state).toBe("busy");
    endSecond();
    expect(sent.map(({ state }) => state)).toEqual(["ok", "busy", "ok"]);
  });

  it("is sent only when something changed", () => {
    const { reporter, sent, become } = setUp();
    become(ready);
    become(ready);
    reporter.refresh();
    expect(sent).toHaveLength(1);
  });

  it("is off while suggestions are off, whatever the engine does", () => {
    const { reporter, sent, become } = setUp(false);
    become(ready);
    expect(reporter.current.state).toBe("off");
    expect(sent).toHaveLength(1);
  });

  it("carries the settings that are not valid", () => {
    const { reporter, sent } = setUp();
    const problem = {
      code: "VALIDATION_ERROR",
      key: "starcoder.threads",
      kind: "invalid",
      message: "starcoder.threads: too many",
    } as const;
    reporter.setProblems([problem]);
    expect(sent[0]?.settingProblems).toEqual([problem]);
  });
});
