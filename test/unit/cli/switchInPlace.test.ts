import { describe, expect, it } from "vitest";
import { switchInPlace } from "../../../server/cli/models/switchInPlace.ts";
import type { EngineState } from "../../../server/engine/engine.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { ModelDescription } from "../../../server/protocol/host.ts";
import { defaultSettings, type Settings } from "../../../server/protocol/settings.ts";
import { createManualClock } from "../../support/manualClock.ts";

const backend = { requested: "auto", used: "cpu" } as const;

function ready(path: string, progress: object = {}): EngineState {
  return { kind: "ready", model: { path } as ModelDescription, backend, ...progress };
}

/** A product whose engine serves `/old.gguf`, and says what the test has it say. */
function start(signal = new AbortController().signal) {
  const clock = createManualClock();
  const listeners = new Set<(state: EngineState) => void>();
  const applied: string[] = [];
  let state = ready("/old.gguf");
  let tellAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (tellAsked = resolve));
  const product = {
    clock,
    settings: defaultSettings,
    apply(settings: Settings) {
      applied.push(settings["model.path"]);
      tellAsked();
      return [];
    },
    engine: {
      get state() {
        return state;
      },
      start: () => undefined,
      onState(listener: (state: EngineState) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
  const become = (next: EngineState): void => {
    state = next;
    for (const listener of [...listeners]) listener(next);
  };
  const parts = product as unknown as Parameters<typeof switchInPlace>[0];
  const switched = switchInPlace(parts, "/new.gguf", signal);
  switched.catch(() => undefined);
  return { clock, become, switched, applied, listeners, asked };
}

describe("a change of model where memory holds one", () => {
  it("is done when the new one serves, and not while the old one does", async () => {
    const { become, switched, applied, listeners, asked } = start();
    await asked;
    expect(applied).toEqual(["/new.gguf"]);
    become(ready("/old.gguf", { switchingTo: "/new.gguf" }));
    become({ kind: "starting" });
    become(ready("/new.gguf", { switchingTo: "/new.gguf" }));
    expect(listeners.size).toBe(1);
    become(ready("/new.gguf"));
    expect(await switched).toEqual(backend);
    expect(listeners.size).toBe(0);
  });

  it("has failed when the old one is back, for the reason that the engine says", async () => {
    const { become, switched, asked } = start();
    await asked;
    become({ kind: "starting" });
    const switchFailure = new CodedError("MODEL_SWITCH_FAILED", "Too large.");
    become(ready("/old.gguf", { switchFailure }));
    await expect(switched).rejects.toBe(switchFailure);
  });

  it("is given up after five minutes", async () => {
    const { clock, switched, asked } = start();
    await asked;
    clock.advance(300_000);
    await expect(switched).rejects.toMatchObject({ code: "TIMEOUT_ERROR" });
  });

  it("ends at Ctrl-C", async () => {
    const abort = new AbortController();
    const { switched, listeners, asked } = start(abort.signal);
    await asked;
    abort.abort();
    await expect(switched).rejects.toMatchObject({ name: "Interrupted" });
    expect(listeners.size).toBe(0);
  });
});
