import { describe, expect, it } from "vitest";
import type { Job } from "../../../server/host/scheduler.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { Priority } from "../../../server/protocol/host.ts";
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
