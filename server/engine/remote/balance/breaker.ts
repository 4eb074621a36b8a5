import type { Clock } from "../../clock.ts";
import type { CodedError } from "../../../protocol/errors.ts";
import type { Fault } from "./faultOf.ts";

/** So many failures in a row open it. */
const mostFailures = 3;
const firstPauseMs = 1000;
const mostPauseMs = 30_000;
/** What a busy server asked for is granted up to here. */
const mostRetryAfterMs = 10 * 60_000;

export interface Breaker {
  /**
   * `closed`: requests pass. `open`: none does. `halfOpen`: the pause is over, and what comes next
   * decides; one request at a time is let through.
   */
  readonly state: "closed" | "open" | "halfOpen";
  /** Why it is not closed. */
  readonly error: CodedError | undefined;
  /** Milliseconds until it is half open; 0 where it is not open. */
  readonly retryInMs: number;
  succeeded(): void;
  /** It was seen to be there again: closed before the pause is over. */
  close(): void;
  /** @param fault what of it a breaker is for */
  failed(fault: Extract<Fault, "busy" | "gone" | "failure">, error: CodedError): void;
}

/** Keeps requests from a server that fails, for a pause that grows with each failure after it. */
export function createBreaker({
  clock,
  random,
}: {
  readonly clock: Pick<Clock, "now">;
  readonly random: () => number;
}): Breaker {
  let failures = 0;
  /** How often it opened since it was last closed. */
  let openings = 0;
  let opened: { readonly until: number; readonly error: CodedError } | undefined;

  function open(error: CodedError, leastMs = 0): void {
    const pause = Math.min(mostPauseMs, firstPauseMs * 2 ** openings);
    openings += 1;
    failures = 0;
    // Many windows would else come back at the same moment.
    const jittered = pause * (0.75 + random() / 2);
    const ms = Math.max(jittered, Math.min(mostRetryAfterMs, leastMs));
    opened = { until: clock.now() + ms, error };
  }

  const retryInMs = () => Math.max(0, (opened?.until ?? 0) - clock.now());
  return {
    get state() {
      if (opened === undefined) return "closed";
      return retryInMs() > 0 ? "open" : "halfOpen";
    },
    get error() {
      return opened?.error;
    },
    get retryInMs() {
      return retryInMs();
    },
    succeeded() {
      failures = 0;
      // What was sent before it opened may still be answered, which is no reason to come back early.
      if (retryInMs() > 0) return;
      openings = 0;
      opened = undefined;
    },
    close() {
      failures = 0;
      openings = 0;
      opened = undefined;
    },
    failed(fault, error) {
      // What was under way with the failure that opened it says nothing new.
      if (retryInMs() > 0 && fault !== "busy") return;
      if (fault === "busy") {
        if (retryInMs() > (error.retryAfterMs ?? 0)) return;
        open(error, error.retryAfterMs);
        return;
      }
      failures += 1;
      if (fault === "gone" || opened !== undefined || failures >= mostFailures) open(error);
    },
  };
}
