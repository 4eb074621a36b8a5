import type { Clock } from "./clock.ts";
import type { CrashBudget } from "./crashBudget.ts";
import { createListeners } from "./listeners.ts";

/** One run of the language server with its connection. */
export interface ServerRun {
  /** Resolves when initialized; rejects when the server cannot be started. */
  start(): Promise<void>;
  /** Ends server and connection; settles in any state and never rejects. */
  stop(): Promise<void>;
}

/** Where the connection to the language server stands. */
export type ServerState =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  /** Died; a new run follows by itself. */
  | { readonly kind: "restarting"; readonly reason: string }
  /** Died too often; only `restart` starts it again. */
  | { readonly kind: "failed"; readonly reason: string };

export interface SupervisorOptions<Run extends ServerRun> {
  /** Makes a run; `onClosed` is called at most once, when the connection ends without `stop`. */
  create(onClosed: () => void): Run;
  readonly budget: CrashBudget;
  readonly clock: Clock;
}

/** Keeps a language server running. One per window. */
export interface Supervisor<Run extends ServerRun> {
  readonly state: ServerState;
  /** The current run while it is initialized. */
  readonly running: Run | undefined;
  onState(listener: (state: ServerState) => void): () => void;
  /** Starts it if it is not running; does not wait. */
  start(): void;
  /** Stops what runs, forgets past deaths and starts anew; settles when running or failed. */
  restart(): Promise<void>;
  /** Stops it for good. */
  stop(): Promise<void>;
}

/**
 * A run is never started twice: the client library cannot start again after a failed start, so
 * each attempt gets a new one.
 */
export function createSupervisor<Run extends ServerRun>(
  options: SupervisorOptions<Run>,
): Supervisor<Run> {
  const { clock, budget } = options;
  const states = createListeners<ServerState>();
  let state: ServerState = { kind: "stopped" };
  let current: Run | undefined;
  let cancelRetry = () => {};
  let disposed = false;

  function enter(next: ServerState): void {
    state = next;
    states.fire(next);
  }

  function died(run: Run, reason: string): void {
    if (run !== current) {
      return;
    }
    current = undefined;
    void run.stop();
    const verdict = budget.spend(clock.now());
    if (verdict.kind === "stop") {
      enter({ kind: "failed", reason });
      return;
    }
    enter({ kind: "restarting", reason });
    cancelRetry = clock.after(verdict.inMs, () => {
      void launch();
    });
  }

  async function launch(): Promise<void> {
    if (disposed || current !== undefined) {
      return;
    }
    cancelRetry();
    const run = options.create(() => {
      died(run, "It ended unexpectedly.");
    });
    current = run;
    enter({ kind: "starting" });
    try {
      await run.start();
    } catch (error) {
      died(run, error instanceof Error ? error.message : String(error));
      return;
    }
    if (run === current) {
      enter({ kind: "running" });
    }
  }

  async function halt(): Promise<void> {
    cancelRetry();
    const run = current;
    current = undefined;
    await run?.stop();
  }

  return {
    get state() {
      return state;
    },
    get running() {
      return state.kind === "running" ? current : undefined;
    },
    onState: (listener) => states.add(listener),
    start() {
      void launch();
    },
    async restart() {
      budget.reset();
      await halt();
      await launch();
    },
    async stop() {
      disposed = true;
      await halt();
      enter({ kind: "stopped" });
    },
  };
}
