import { describe, expect, it } from "vitest";
import type { EngineState } from "../../../server/engine/engine.ts";
import { startWhenReady, whenReady } from "../../../server/engine/whenReady.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { createFakeEngine, readyState } from "../review/support/fixture.ts";

const error = new CodedError("HOST_DIED");
const restarting: EngineState = { kind: "restarting", error, retryInMs: 100 };

describe("waiting for a model", () => {
  it("goes on while it is tried again by itself, unless the first failure is what is asked for", async () => {
    const engine = createFakeEngine({ kind: "starting" });
    const options = { clock: createManualClock(), atMostMs: 1000 };
    const patient = whenReady(engine, options);
    const strict = whenReady(engine, { ...options, firstFailure: true });
    engine.setState(restarting);
    await expect(strict).resolves.toEqual({ kind: "failed", error });
    engine.setState(readyState);
    await expect(patient).resolves.toMatchObject({ kind: "ready" });
    expect(engine.listenerCount()).toBe(0);
  });

  it("does not wait for servers elsewhere that are all down", async () => {
    const down = new CodedError("ENDPOINTS_DOWN");
    const engine = createFakeEngine({ kind: "restarting", error: down, retryInMs: 100 });
    const waited = whenReady(engine, { clock: createManualClock(), atMostMs: 1000 });
    await expect(waited).resolves.toEqual({ kind: "failed", error: down });
  });

  it("ends with the state it is in when the time is over", async () => {
    const engine = createFakeEngine(restarting);
    const clock = createManualClock();
    const waited = whenReady(engine, { clock, atMostMs: 1000 });
    clock.advance(1000);
    await expect(waited).resolves.toEqual({ kind: "late", state: restarting });
    expect(engine.listenerCount()).toBe(0);
  });

  it.each([
    ["stopped", "background", ["background"]],
    ["failed", "background", []],
    ["failed", "explicit", ["explicit"]],
    ["starting", "explicit", []],
  ] as const)("starts an engine that is %s, asked for %sly: %j", (kind, reason, starts) => {
    const state: EngineState = kind === "failed" ? { kind, error } : { kind };
    const engine = createFakeEngine(state);
    void startWhenReady(engine, reason, { clock: createManualClock(), atMostMs: 1 });
    expect(engine.starts).toEqual(starts);
  });
});
