import { describe, expect, it } from "vitest";
import { modelReady } from "../../../server/cli/modelReady.ts";
import { Interrupted } from "../../../server/cli/outcome.ts";
import type { EngineState } from "../../../server/engine/engine.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { createManualClock } from "../../support/manualClock.ts";

/** An engine that loads until it is told what came of it. */
function loading() {
  const listeners = new Set<(state: EngineState) => void>();
  const clock = createManualClock();
  const engine = {
    state: { kind: "stopped" },
    start: () => undefined,
    onState: (listener: (state: EngineState) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const tell = (state: object) => {
    for (const listener of [...listeners]) listener(state as EngineState);
  };
  return { world: { engine, clock } as never, listeners, clock, tell };
}

describe("waiting for the model", () => {
  it("ends with the model, and listens no longer", async () => {
    const { world, listeners, tell } = loading();
    const ready = modelReady(world, new AbortController().signal);
    tell({ kind: "loading" });
    tell({ kind: "ready", model: { name: "tiny" } });
    await expect(ready).resolves.toMatchObject({ model: { name: "tiny" } });
    expect(listeners.size).toBe(0);
  });

  it("ends with the error of a model that cannot be loaded", async () => {
    const { world, tell } = loading();
    const ready = modelReady(world);
    tell({ kind: "failed", error: new CodedError("MODEL_INVALID") });
    await expect(ready).rejects.toMatchObject({ code: "MODEL_INVALID" });
  });

  it("ends at Ctrl-C while the model still loads, and listens no longer", async () => {
    const { world, listeners } = loading();
    const abort = new AbortController();
    const ready = modelReady(world, abort.signal);
    abort.abort();
    await expect(ready).rejects.toThrow(Interrupted);
    expect(listeners.size).toBe(0);
  });

  it("does not begin to wait after Ctrl-C", async () => {
    await expect(modelReady(loading().world, AbortSignal.abort())).rejects.toThrow(Interrupted);
  });
});
