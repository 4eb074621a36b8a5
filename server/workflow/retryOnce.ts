import type { CodedError, ErrorCode } from "../protocol/errors.ts";
import type { Readiness } from "../engine/whenReady.ts";
import type { Budget } from "./budget.ts";

/** How long an engine may take to come back, in milliseconds. */
const comeBackMs = 30_000;

/** What passes when the engine is back. */
const passing: ReadonlySet<ErrorCode> = new Set(["HOST_DIED", "HOST_HUNG", "MODEL_CHANGED"]);

export function passes(code: ErrorCode): boolean {
  return passing.has(code);
}

/** Does something once more when the engine it failed with is ready again. */
export async function retryOnce<Value>(
  options: {
    readonly whenReady: (atMostMs: number, signal: AbortSignal) => Promise<Readiness>;
    readonly budget: Budget;
    readonly log: { event(name: string, fields: Readonly<Record<string, string>>): void };
    readonly requestId: string;
  },
  act: () => Promise<Value>,
  errorOf: (value: Value) => Pick<CodedError, "code"> | undefined,
): Promise<Value> {
  const { whenReady, budget, log, requestId } = options;
  const first = await act();
  const error = errorOf(first);
  if (error === undefined || !passes(error.code) || budget.ended() !== undefined) return first;
  log.event("step tried again", { requestId, code: error.code });
  const ready = await whenReady(Math.min(comeBackMs, budget.msLeft), budget.signal);
  return ready.kind === "ready" ? await act() : first;
}
