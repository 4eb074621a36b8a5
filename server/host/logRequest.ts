import { failureFields } from "../logs/failureFields.ts";
import type { Logger } from "../logs/logger.ts";
import type { Usage } from "../protocol/host.ts";
import type { Now } from "./meter.ts";

/** A request as the log names it. */
export interface LoggedRequest {
  /** What was done, a stable phrase. */
  readonly message: string;
  readonly level: "info" | "debug";
  readonly requestId: string | undefined;
}

/** What of a job the log tells, known once it has run. */
export interface JobTrace {
  usage(): Usage;
  /** Which KV sequence it ran in; absent when it never ran. */
  readonly slot: number | undefined;
}

/** Runs a request and logs one line about it: what it cost, and how it ended. */
export async function logRequest<Result>(
  { log, now }: { readonly log: Logger; readonly now: Now },
  { message, level, requestId }: LoggedRequest,
  run: (onJob: (job: JobTrace) => void) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const before = now();
  let job: JobTrace | undefined;
  const fields = () => {
    const usage = job?.usage();
    return {
      requestId,
      durationMs: now() - before,
      ...usage,
      tokensUsed: usage && usage.evaluatedTokens + usage.generatedTokens,
      slot: job?.slot,
    };
  };
  try {
    const result = await run((started) => (job = started));
    log[level](message, { ...fields(), cancelled: signal.aborted });
    return result;
  } catch (thrown) {
    const { code, detail, stack } = failureFields(thrown);
    // What a client asks wrongly, or too early, is no fault of the host.
    const unexpected = code === "INTERNAL_ERROR" || code === "SCORES_INVALID";
    const failure = { ...fields(), code, detail, ...(unexpected ? { stack } : {}) };
    log[unexpected ? "error" : "warn"](`not ${message}`, failure);
    throw thrown;
  }
}
