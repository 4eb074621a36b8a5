import type { CodedError } from "../protocol/errors.ts";
import type { Priority } from "../protocol/host.ts";
import type { Now } from "./meter.ts";

export interface SchedulerOptions {
  readonly now: Now;
  /** Calls back once after so many milliseconds; returns what prevents it. */
  readonly after: (milliseconds: number, callback: () => void) => () => void;
}

/** Work in steps that never overlap with another job's. */
export interface Job<Result> {
  readonly priority: Priority;
  /** Takes what it needs to run (a slot); false: not available now, asked again later. */
  acquire(): boolean;
  /** Each `next()` is one step of at most `stepBudgetMs`; a step is never interrupted. */
  steps(): AsyncGenerator<undefined, Result>;
  /** The result when its signal aborted. Called after the last step has ended. */
  cancelled(): Result;
  /** Gives back what `acquire` took. Called once if and only if `acquire` returned true. */
  release(): void;
}

export interface Scheduler {
  /** Settles with the job's result, or rejects with what a step threw. */
  submit<Result>(job: Job<Result>, signal: AbortSignal): Promise<Result>;
  /** Jobs not finished yet. */
  readonly pending: number;
  /**
   * Milliseconds since somebody typed: since the last job that is no background work ended. 0 while
   * one is pending, infinite before the first.
   */
  quietMs(): number;
  /** Settles when no job is left. */
  idle(): Promise<void>;
  /** Refuses new jobs from now on, with this error. */
  close(reason: CodedError): void;
}

interface Entry {
  readonly priority: Priority;
  readonly arrived: number;
  started: boolean;
  /** Runs one step; true when the job has settled. */
  step(): Promise<boolean>;
  acquire(): boolean;
}

/**
 * Whoever types asks again after some 120 ms: background work that began in between would delay
 * the next suggestion by a step.
 */
const restAfterTypingMs = 300;

const order: Readonly<Record<Priority, number>> = { typing: 0, speculation: 1, background: 2 };

/**
 * One step at a time, the most urgent job first: typing, newest first (what was asked before the
 * last key matters less), then speculation, then background work, which submits nothing while a
 * typing job is pending and rests for a moment after one.
 */
export function createScheduler({ now, after }: SchedulerOptions): Scheduler {
  const entries = new Set<Entry>();
  const idleWaiters: (() => void)[] = [];
  let arrivals = 0;
  let running = false;
  let stepping: Entry | undefined;
  let closed: CodedError | undefined;
  let typedAt = -Infinity;
  let activeAt = -Infinity;
  let cancelWake: (() => void) | undefined;

  function ended({ priority }: Entry): void {
    if (priority === "background") return;
    activeAt = now();
    if (priority === "typing") typedAt = activeAt;
  }

  /** Whether background work has to wait; if it only has to wait for a time, `run` comes after it. */
  function rests(): boolean {
    const left = restAfterTypingMs - (now() - typedAt);
    if (left <= 0) return false;
    cancelWake ??= after(left, () => {
      cancelWake = undefined;
      void run();
    });
    return true;
  }

  function nextEntry(): Entry | undefined {
    const sorted = [...entries].sort(
      (a, b) =>
        order[a.priority] - order[b.priority] ||
        (a.priority === "typing" ? b.arrived - a.arrived : a.arrived - b.arrived),
    );
    const typing = sorted.some((entry) => entry.priority === "typing");
    return sorted.find((entry) => {
      if (entry.priority === "background" && (typing || rests())) return false;
      if (!entry.started) entry.started = entry.acquire();
      return entry.started;
    });
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    for (let entry = nextEntry(); entry !== undefined; entry = nextEntry()) {
      stepping = entry;
      if (await entry.step()) entries.delete(entry);
      stepping = undefined;
    }
    running = false;
    if (entries.size > 0) return;
    cancelWake?.();
    cancelWake = undefined;
    for (const resolve of idleWaiters.splice(0)) resolve();
  }

  return {
    get pending() {
      return entries.size;
    },
    submit<Result>(job: Job<Result>, signal: AbortSignal): Promise<Result> {
      if (closed !== undefined) return Promise.reject(closed);
      if (signal.aborted) return Promise.resolve(job.cancelled());
      return new Promise<Result>((resolve, reject) => {
        let steps: AsyncGenerator<undefined, Result> | undefined;
        const settle = (finish: () => void) => {
          signal.removeEventListener("abort", onAbort);
          ended(entry);
          if (entry.started) job.release();
          finish();
        };
        const entry: Entry = {
          priority: job.priority,
          arrived: ++arrivals,
          started: false,
          acquire: () => job.acquire(),
          async step() {
            try {
              steps ??= job.steps();
              const { done, value } = await steps.next();
              if (done === true) settle(() => resolve(value));
              else if (signal.aborted) settle(() => resolve(job.cancelled()));
              else return false;
            } catch (thrown) {
              settle(() => reject(thrown instanceof Error ? thrown : new Error(String(thrown))));
            }
            return true;
          },
        };
        // A job between its steps ends at once; one in a step, right after it.
        const onAbort = () => {
          if (stepping === entry) return;
          entries.delete(entry);
          settle(() => resolve(job.cancelled()));
          void run();
        };
        signal.addEventListener("abort", onAbort);
        entries.add(entry);
        void run();
      });
    },
    quietMs() {
      const active = [...entries].some((entry) => entry.priority !== "background");
      return active ? 0 : now() - activeAt;
    },
    idle() {
      if (entries.size === 0) return Promise.resolve();
      return new Promise((resolve) => idleWaiters.push(resolve));
    },
    close(reason) {
      closed = reason;
    },
  };
}
