import { describe, expect, it } from "vitest";
import { createScheduler, type Job } from "../../../server/host/scheduler.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { Priority } from "../../../server/protocol/host.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { restlessScheduler } from "./jobContext.ts";

/** A job that notes each of its steps; `during` runs inside them. */
function noting(
  trace: string[],
  name: string,
  priority: Priority,
  steps: number,
  during: (step: number) => void = () => undefined,
): Job<string> & { acquirable: boolean } {
  return {
    priority,
    acquirable: true,
    acquire() {
      return this.acquirable;
    },
    async *steps() {
      for (let step = 1; step <= steps; step++) {
        trace.push(`${name}${step}`);
        during(step);
        await Promise.resolve();
        yield;
      }
      return `${name} done`;
    },
    cancelled: () => `${name} cancelled`,
    release: () => trace.push(`${name} released`),
  };
}

const never = new AbortController().signal;

describe("the scheduler", () => {
  it("turns to a typing job between two steps of background work", async () => {
    const scheduler = restlessScheduler();
    const trace: string[] = [];
    let typing: Promise<string> | undefined;
    const background = noting(trace, "b", "background", 3, (step) => {
      if (step === 1) typing = scheduler.submit(noting(trace, "t", "typing", 2), never);
    });
    await scheduler.submit(background, never);
    await typing;
    expect(trace).toEqual(["b1", "t1", "t2", "t released", "b2", "b3", "b released"]);
  });

  it("takes the newest typing job first, then speculation, then background", async () => {
    const scheduler = restlessScheduler();
    const trace: string[] = [];
    const first = noting(trace, "first", "background", 1, () => {
      for (const [name, priority] of [
        ["b", "background"],
        ["s", "speculation"],
        ["old", "typing"],
        ["new", "typing"],
      ] as const) {
        void scheduler.submit(noting(trace, name, priority, 1), never);
      }
    });
    await scheduler.submit(first, never);
    await scheduler.idle();
    expect(trace.filter((entry) => entry.endsWith("1"))).toEqual([
      "first1",
      "new1",
      "old1",
      "s1",
      "b1",
    ]);
  });

  it("submits no background work while a typing job waits for a slot", async () => {
    const scheduler = restlessScheduler();
    const trace: string[] = [];
    const typing = noting(trace, "t", "typing", 1);
    typing.acquirable = false;
    const stop = new AbortController();
    const waiting = scheduler.submit(typing, stop.signal);
    const background = scheduler.submit(noting(trace, "b", "background", 1), never);
    await Promise.resolve();
    expect(trace).toEqual([]);
    stop.abort();
    expect(await waiting).toBe("t cancelled");
    expect(await background).toBe("b done");
  });

  it("ends a cancelled job after the step it is in", async () => {
    const scheduler = restlessScheduler();
    const trace: string[] = [];
    const stop = new AbortController();
    const job = noting(trace, "t", "typing", 5, (step) => {
      if (step === 2) stop.abort();
    });
    expect(await scheduler.submit(job, stop.signal)).toBe("t cancelled");
    expect(trace).toEqual(["t1", "t2", "t released"]);
  });

  it("ends a cancelled job that waits at once", async () => {
    const scheduler = restlessScheduler();
    const trace: string[] = [];
    const stop = new AbortController();
    let waiting: Promise<string> | undefined;
    const running = noting(trace, "t", "typing", 3, (step) => {
      if (step === 1) waiting = scheduler.submit(noting(trace, "s", "speculation", 1), stop.signal);
      if (step === 2) stop.abort();
    });
    await scheduler.submit(running, never);
    expect(await waiting).toBe("s cancelled");
    expect(trace).not.toContain("s1");
    expect(trace).not.toContain("s released");
  });

  it("lets one job's failure leave the others alone", async () => {
    const scheduler = restlessScheduler();
    const trace: string[] = [];
    const failing = noting(trace, "f", "typing", 1, () => {
      throw new Error("the engine failed");
    });
    const other = scheduler.submit(noting(trace, "s", "speculation", 1), never);
    await expect(scheduler.submit(failing, never)).rejects.toThrow("the engine failed");
    expect(await other).toBe("s done");
    expect(scheduler.pending).toBe(0);
  });

  it("refuses jobs once closed and finishes those it has", async () => {
    const scheduler = restlessScheduler();
    const trace: string[] = [];
    const running = scheduler.submit(noting(trace, "t", "typing", 2), never);
    scheduler.close(new CodedError("MODEL_UNAVAILABLE"));
    await expect(scheduler.submit(noting(trace, "u", "typing", 1), never)).rejects.toMatchObject({
      code: "MODEL_UNAVAILABLE",
    });
    await scheduler.idle();
    expect(await running).toBe("t done");
  });
});

/** Lets everything go on that waits for nothing but its turn. */
const turns = () => new Promise((resolve) => setImmediate(resolve));

describe("background work", () => {
  it("rests for 300 ms after a typing job has ended, then goes on by itself", async () => {
    const clock = createManualClock();
    const scheduler = createScheduler(clock);
    const trace: string[] = [];
    let typing: Promise<string> | undefined;
    const work = noting(trace, "b", "background", 2, (step) => {
      if (step === 1) typing = scheduler.submit(noting(trace, "t", "typing", 1), never);
    });
    const background = scheduler.submit(work, never);
    await turns();
    await typing;
    clock.advance(299);
    await turns();
    expect(trace).toEqual(["b1", "t1", "t released"]);
    clock.advance(1);
    expect(await background).toBe("b done");
  });

  it("rests on while typing goes on", async () => {
    const clock = createManualClock();
    const scheduler = createScheduler(clock);
    const trace: string[] = [];
    const type = () => scheduler.submit(noting(trace, "t", "typing", 1), never);
    await type();
    const background = scheduler.submit(noting(trace, "b", "background", 1), never);
    for (let key = 0; key < 5; key++) {
      clock.advance(120);
      await type();
    }
    expect(trace).not.toContain("b1");
    clock.advance(300);
    expect(await background).toBe("b done");
  });

  it("does not rest after speculation, and speculation does not rest", async () => {
    const clock = createManualClock();
    const scheduler = createScheduler(clock);
    const trace: string[] = [];
    await scheduler.submit(noting(trace, "s", "speculation", 1), never);
    await scheduler.submit(noting(trace, "b", "background", 1), never);
    await scheduler.submit(noting(trace, "t", "typing", 1), never);
    expect(await scheduler.submit(noting(trace, "s", "speculation", 1), never)).toBe("s done");
  });

  it("is cancelled at once while it rests", async () => {
    const clock = createManualClock();
    const scheduler = createScheduler(clock);
    const trace: string[] = [];
    const stop = new AbortController();
    await scheduler.submit(noting(trace, "t", "typing", 1), never);
    const background = scheduler.submit(noting(trace, "b", "background", 1), stop.signal);
    stop.abort();
    expect(await background).toBe("b cancelled");
    await scheduler.idle();
    clock.advance(1000);
    expect(trace).toEqual(["t1", "t released"]);
  });

  it("learns how long nobody has typed", async () => {
    const clock = createManualClock();
    const scheduler = createScheduler(clock);
    const trace: string[] = [];
    expect(scheduler.quietMs()).toBe(Infinity);
    const seen: number[] = [];
    const typing = noting(trace, "t", "typing", 1, () => seen.push(scheduler.quietMs()));
    await scheduler.submit(typing, never);
    expect(seen).toEqual([0]);
    clock.advance(2000);
    await scheduler.submit(noting(trace, "b", "background", 1), never);
    expect(scheduler.quietMs()).toBe(2000);
    await scheduler.submit(noting(trace, "s", "speculation", 1), never);
    expect(scheduler.quietMs()).toBe(0);
  });
});
