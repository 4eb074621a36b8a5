import type { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";

/**
 * Starts the model where it is not running and waits until it is there or has failed, the time is
 * over or the signal aborts; never rejects.
 */
export function modelReady(
  engine: Pick<Engine, "state" | "onState" | "start">,
  clock: Clock,
  patienceMs: number,
  signal: AbortSignal,
): Promise<void> {
  engine.start("explicit");
  const isSettled = () => engine.state.kind === "ready" || engine.state.kind === "failed";
  if (isSettled() || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      stop();
      cancel();
      resolve();
    };
    const stop = engine.onState(() => {
      if (isSettled()) finish();
    });
    const cancel = clock.after(patienceMs, finish);
    signal.addEventListener("abort", finish, { once: true });
  });
}
