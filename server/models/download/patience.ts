import { CodedError, errorTable } from "../../protocol/errors.ts";
import { NetworkError } from "../../network/failures.ts";

/** Decides how long to wait before another try, and when to give up. */
export interface Patience {
  /** Bytes came: earlier failures do not count any more. */
  progressed(): void;
  /**
   * Milliseconds to wait before the next try.
   * @throws the failure, when trying again makes no sense or has been tried enough
   */
  afterFailure(thrown: unknown): number;
}

export interface PatienceOptions {
  /** Tries without a byte between them. */
  readonly mostTries?: number;
  readonly firstMs?: number;
  readonly longestMs?: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** Longer than anybody waits beside a progress bar. */
const longestRetryAfter = 15 * 60;

export function createPatience(options: PatienceOptions): Patience {
  const { mostTries = 10, firstMs = 500, longestMs = 30_000, random } = options;
  let failures = 0;
  return {
    progressed: () => (failures = 0),
    afterFailure(thrown) {
      if (!isWorthAnotherTry(thrown)) throw thrown;
      failures += 1;
      if (failures >= mostTries) throw thrown;
      const asked = thrown instanceof NetworkError ? thrown.retryAfterSeconds : undefined;
      if (asked !== undefined && asked > longestRetryAfter) throw thrown;
      const step = Math.min(longestMs, firstMs * 2 ** (failures - 1));
      // Many machines that lost the same server must not come back in the same moment.
      const backoff = step / 2 + (random() * step) / 2;
      return asked === undefined ? backoff : asked * 1000 + (random() * step) / 2;
    },
  };
}

function isWorthAnotherTry(thrown: unknown): boolean {
  if (!(thrown instanceof CodedError) || !errorTable[thrown.code].retryable) return false;
  if (thrown.code === "DOWNLOAD_MISMATCH") return false;
  const status = thrown instanceof NetworkError ? thrown.status : undefined;
  // Of the requests that are wrong in themselves, only these pass.
  return (
    status === undefined || status >= 500 || status === 429 || status === 408 || status === 425
  );
}
