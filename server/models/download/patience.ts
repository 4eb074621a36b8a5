import { CodedError, errorTable } from "../../protocol/errors.ts";
import { NetworkError } from "../../network/failures.ts";

/** A wait before another try. */
export interface Wait {
  readonly ms: number;
  /** Which try comes then, and how many there are before it is given up. */
  readonly tries: { readonly next: number; readonly most: number };
}

/** Decides how long to wait before another try, and when to give up. */
export interface Patience {
  /** Bytes came: earlier failures do not count any more. */
  progressed(): void;
  /**
   * The wait before the next try.
   * @throws the failure, when trying again makes no sense or has been tried enough
   */
  afterFailure(thrown: unknown): Wait;
}

export interface PatienceOptions {
  /** Tries without a byte between them. */
  readonly mostTries?: number;
  readonly firstMs?: number;
  readonly longestMs?: number;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Servers that have answered, by origin; without it all count as such. */
  readonly answered?: ReadonlySet<string>;
}

/** Longer than anybody waits beside a progress bar. */
const longestRetryAfter = 15 * 60;

/** Tries of a server that has never answered: most likely it cannot be reached from here at all. */
const mostTriesUnanswered = 2;

export function createPatience(options: PatienceOptions): Patience {
  const { mostTries = 10, firstMs = 500, longestMs = 30_000, random, answered } = options;
  let failures = 0;

  /** Many machines that lost the same server must not come back in the same moment. */
  const spread = (ms: number): number => ms / 2 + (random() * ms) / 2;

  return {
    progressed: () => (failures = 0),
    afterFailure(thrown) {
      if (!isWorthAnotherTry(thrown)) throw thrown;
      const { origin, retryAfterSeconds: asked } =
        thrown instanceof NetworkError
          ? thrown
          : { origin: undefined, retryAfterSeconds: undefined };
      const isUnanswered = origin !== undefined && answered?.has(origin) === false;
      const most = isUnanswered ? Math.min(mostTries, mostTriesUnanswered) : mostTries;
      failures += 1;
      if (failures >= most) throw thrown;
      const tries = { next: failures + 1, most };
      if (isUnanswered) return { ms: 2 * firstMs + spread(2 * firstMs), tries };
      if (asked !== undefined && asked > longestRetryAfter) throw thrown;
      const step = Math.min(longestMs, firstMs * 2 ** (failures - 1));
      const ms = asked === undefined ? spread(step) : asked * 1000 + (random() * step) / 2;
      return { ms, tries };
    },
  };
}

/** Whether a failure may pass by itself. */
export function isWorthAnotherTry(thrown: unknown): boolean {
  if (!(thrown instanceof CodedError) || !errorTable[thrown.code].retryable) return false;
  if (thrown.code === "DOWNLOAD_MISMATCH") return false;
  const status = thrown instanceof NetworkError ? thrown.status : undefined;
  // Of the requests that are wrong in themselves, only these pass.
  return (
    status === undefined || status >= 500 || status === 429 || status === 408 || status === 425
  );
}
