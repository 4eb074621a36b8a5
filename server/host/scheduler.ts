import type { CodedError } from "../protocol/errors.ts";
import type { Priority } from "../protocol/host.ts";

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

const order: Readonly<Record<Priority, number>> = { typing: 0, speculation: 1, background: 2 };

/**
 * One step at a time, the most urgent job first: typing, newest first (what was asked before the
 * last key matters less), then speculation, then background work, which submits nothing while a
 * typing job is pending.
 */
export function createScheduler(): Scheduler {
  const entries = new Set<Entry>();
  const idleWaiters: (() => void)[] = [];
  let arrivals = 0;
  let running = false;
  let stepping: Entry | undefined;
  let closed: CodedError | undefined;

  function nextEntry(): Entry | undefined {
    const sorted = [...entries].sort(
      (a, b) =>
        order[a.priority] - order[b.priority] ||
        (a.priority === "typing" ? b.arrived - a.arrived : a.arrived - b.arrived),
    );
    const typing = sorted.some((entry) => entry.priority === "typing");
    return sorted.find((entry) => {
      if (typing && entry.priority === "background") return false;
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
    if (entries.size === 0) for (const resolve of idleWaiters.splice(0)) resolve();
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
    idle() {
      if (entries.size === 0) return Promise.resolve();
      return new Promise((resolve) => idleWaiters.push(resolve));
    },
    close(reason) {
      closed = reason;
    },
  };
}
