import type { CodedError } from "../protocol/errors.ts";
import type { Priority } from "../protocol/host.ts";
import type { Now } from "./meter.ts";
import { createTurns, type Client, type Turns } from "./turns.ts";

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
  submit<Result>(job: Job<Result>, signal: AbortSignal, client?: Client): Promise<Result>;
  /** Jobs not finished yet. */
  readonly pending: number;
  /**
   * Milliseconds since somebody typed: since the last job that is no background work ended. 0 while
   * one is pending, infinite before the first.
   */
  quietMs(): number;
  /** Settles when no job is left. */
  idle(): Promise<void>;
  /** Rejects every job it has with this error; who is in a step, after it. */
  interrupt(reason: CodedError): void;
  /** Refuses new jobs from now on, with this error. */
  close(reason: CodedError): void;
}

interface Entry {
  readonly client: Client;
  readonly priority: Priority;
  readonly arrived: number;
  started: boolean;
  /** Runs one step; true when the job has settled. */
  step(): Promise<boolean>;
  acquire(): boolean;
  /** Ends it between two steps. */
  fail(reason: CodedError): void;
}

/**
 * Whoever types asks again after some 120 ms: background work that began in between would delay
 * the next suggestion by a step.
 */
const restAfterTypingMs = 300;

const byUrgency: readonly Priority[] = ["typing", "speculation", "background"];

/**
 * One step at a time, the most urgent job first: typing, then speculation, then background work,
 * which submits nothing while a typing job is pending and rests for a moment after one. Clients take
 * fair turns at each; typing of one client goes newest first (what was asked before the last key
 * matters less).
 */
export function createScheduler({ now, after }: SchedulerOptions): Scheduler {
  const entries = new Set<Entry>();
  const nobody: Client = { focused: true };
  const turns: Readonly<Record<Priority, Turns<Entry>>> = {
    typing: createTurns((a, b) => b.arrived - a.arrived),
    speculation: createTurns((a, b) => a.arrived - b.arrived),
    background: createTurns((a, b) => a.arrived - b.arrived),
  };
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
    const typing = [...entries].some((entry) => entry.priority === "typing");
    for (const priority of byUrgency) {
      const waiting = [...entries].filter((entry) => entry.priority === priority);
      if (waiting.length === 0) continue;
      if (priority === "background" && (typing || rests())) continue;
      const chosen = turns[priority].order(waiting, now()).find((entry) => {
        if (!entry.started) entry.started = entry.acquire();
        return entry.started;
      });
      if (chosen !== undefined) return chosen;
    }
    return undefined;
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    for (let entry = nextEntry(); entry !== undefined; entry = nextEntry()) {
      stepping = entry;
      const before = now();
      if (await entry.step()) entries.delete(entry);
      const until = now();
      turns[entry.priority].served(entry, until - before, until);
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
    submit<Result>(
      job: Job<Result>,
      signal: AbortSignal,
      client: Client = nobody,
    ): Promise<Result> {
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
        let interrupted: CodedError | undefined;
        const entry: Entry = {
          client,
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
              else if (interrupted !== undefined) throw interrupted;
              else return false;
            } catch (thrown) {
              settle(() => reject(thrown instanceof Error ? thrown : new Error(String(thrown))));
            }
            return true;
          },
          fail(reason) {
            interrupted = reason;
            endAtOnce(() => reject(reason));
          },
        };
        // A job between its steps ends at once; one in a step, right after it.
        const endAtOnce = (finish: () => void) => {
          if (stepping === entry) return;
          entries.delete(entry);
          settle(finish);
          void run();
        };
        const onAbort = () => endAtOnce(() => resolve(job.cancelled()));
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
    interrupt(reason) {
      for (const entry of [...entries]) entry.fail(reason);
    },
    close(reason) {
      closed = reason;
    },
  };
}
