import { describe, expect, it } from "vitest";
import { createCrashBudget } from "../../../extension/crashBudget.ts";
import { createSupervisor, type ServerRun } from "../../../extension/supervise.ts";
import { createFakeClock } from "./fakeClock.ts";

interface FakeRun extends ServerRun {
  readonly ready: PromiseWithResolvers<void>;
  readonly close: () => void;
  stopped: boolean;
}

/** Promise.withResolvers is newer than Node 20. */
interface PromiseWithResolvers<Value> {
  promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: Error): void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((onDone, onError) => {
    resolve = onDone;
    reject = onError;
  });
  return { promise, resolve, reject };
}

function setUp(limit = 2) {
  const clock = createFakeClock();
  const runs: FakeRun[] = [];
  const supervisor = createSupervisor<FakeRun>({
    clock,
    budget: createCrashBudget(limit, 180_000, 1_000),
    create(onClosed) {
      const ready = withResolvers();
      const run: FakeRun = {
        ready,
        close: onClosed,
        stopped: false,
        start: () => ready.promise,
        stop() {
          run.stopped = true;
          return Promise.resolve();
        },
      };
      runs.push(run);
      return run;
    },
  });
  const states: string[] = [];
  supervisor.onState(({ kind }) => states.push(kind));
  return { clock, runs, supervisor, states };
}

/** Lets the promise callbacks that are due run. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await Promise.resolve();
  }
}

describe("language server supervision", () => {
  it("offers the run only once it is initialized", async () => {
    const { runs, supervisor } = setUp();
    supervisor.start();
    expect(supervisor.state.kind).toBe("starting");
    expect(supervisor.running).toBeUndefined();
    runs[0]?.ready.resolve();
    await settle();
    expect(supervisor.running).toBe(runs[0]);
  });

  it("starts a new run at once after a first death", async () => {
    const { clock, runs, supervisor, states } = setUp();
    supervisor.start();
    runs[0]?.ready.resolve();
    await settle();
    runs[0]?.close();
    clock.advance(0);
    runs[1]?.ready.resolve();
    await settle();
    expect(states).toEqual(["starting", "running", "restarting", "starting", "running"]);
    expect(runs[0]?.stopped).toBe(true);
  });

  it("waits longer each time and gives up beyond the limit, with the reason", async () => {
    const { clock, runs, supervisor } = setUp(2);
    supervisor.start();
    runs[0]?.ready.reject(new Error("no such module"));
    await settle();
    clock.advance(0);
    runs[1]?.ready.reject(new Error("no such module"));
    await settle();
    clock.advance(999);
    expect(runs).toHaveLength(2);
    clock.advance(1);
    runs[2]?.ready.reject(new Error("no such module"));
    await settle();
    expect(supervisor.state).toEqual({ kind: "failed", reason: "no such module" });
    clock.advance(600_000);
    expect(runs).toHaveLength(3);
  });

  it("starts again after it gave up when the user asks for it", async () => {
    const { runs, supervisor } = setUp(0);
    supervisor.start();
    runs[0]?.close();
    await settle();
    expect(supervisor.state.kind).toBe("failed");
    const restarted = supervisor.restart();
    await settle();
    runs[1]?.ready.resolve();
    await restarted;
    expect(supervisor.state.kind).toBe("running");
  });

  it("counts a death during start once, though both the start and the connection report it", async () => {
    const { clock, runs, supervisor } = setUp(1);
    supervisor.start();
    runs[0]?.close();
    runs[0]?.ready.reject(new Error("closed"));
    await settle();
    clock.advance(0);
    runs[1]?.ready.resolve();
    await settle();
    expect(supervisor.state.kind).toBe("running");
  });

  it("does not come back after stop", async () => {
    const { clock, runs, supervisor } = setUp();
    supervisor.start();
    runs[0]?.ready.resolve();
    await settle();
    runs[0]?.close();
    await supervisor.stop();
    clock.advance(600_000);
    expect(runs).toHaveLength(1);
    expect(supervisor.state.kind).toBe("stopped");
  });

  it("forgets deaths that are long past", () => {
    const budget = createCrashBudget(1, 180_000, 1_000);
    expect(budget.spend(0)).toEqual({ kind: "restart", inMs: 0 });
    expect(budget.spend(180_000)).toEqual({ kind: "restart", inMs: 0 });
    expect(budget.spend(180_001)).toEqual({ kind: "stop" });
  });
});
