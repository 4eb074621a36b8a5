import { toCodedError } from "../../protocol/errors.ts";
import type { Usage } from "../../protocol/host.ts";
import type { EngineOutcome } from "../engine.ts";

/**
 * Runs what throws CodedErrors, and makes an outcome of how it ends.
 * @param spent what it had cost when it was cancelled, where that is known
 */
export async function settle<Value>(
  signal: AbortSignal,
  run: () => Promise<Value>,
  spent: () => Usage | undefined = () => undefined,
): Promise<EngineOutcome<Value>> {
  const cancelled = (): EngineOutcome<Value> => {
    const usage = spent();
    return usage === undefined ? { kind: "cancelled" } : { kind: "cancelled", usage };
  };
  const isAborted = (): boolean => signal.aborted;
  if (isAborted()) return cancelled();
  try {
    const value = await run();
    return isAborted() ? cancelled() : { kind: "done", value };
  } catch (thrown) {
    if (isAborted()) return cancelled();
    return { kind: "failed", error: toCodedError(thrown) };
  }
}
