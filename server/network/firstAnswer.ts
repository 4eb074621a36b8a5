import type { Network } from "./follow.ts";

/** How long a server may take for its first answer ever. */
export interface FirstAnswer {
  /** Ends the request: the caller's reason, or that time is over. */
  readonly signal: AbortSignal | undefined;
  /** Milliseconds that have passed without an answer, where that is why it ended. */
  readonly overMs: number | undefined;
  /** The server has answered, or it does not matter any more. */
  end(answered: boolean): void;
}

/**
 * Watches over a request to a server. One that has answered before may take as long as the network
 * allows; of one that never has it is not known whether there is one at all, since firewalls and
 * proxies may swallow what is sent.
 */
export function awaitFirstAnswer(
  { firstAnswerMs, answered }: Pick<Network, "firstAnswerMs" | "answered">,
  { origin }: URL,
  signal: AbortSignal | undefined,
): FirstAnswer {
  const end = (hasAnswered: boolean): void => {
    if (hasAnswered) answered?.add(origin);
  };
  if (firstAnswerMs === undefined || answered === undefined || answered.has(origin)) {
    return { signal, overMs: undefined, end };
  }
  const limit = new AbortController();
  let overMs: number | undefined;
  const aborted = (): void => limit.abort(signal?.reason);
  signal?.addEventListener("abort", aborted, { once: true });
  if (signal?.aborted === true) aborted();
  const timer = setTimeout(() => {
    overMs = firstAnswerMs;
    limit.abort();
  }, firstAnswerMs);
  return {
    // While bytes come, too: whoever asked may still abort.
    signal: limit.signal,
    get overMs() {
      return overMs;
    },
    end(hasAnswered) {
      clearTimeout(timer);
      if (!hasAnswered) signal?.removeEventListener("abort", aborted);
      end(hasAnswered);
    },
  };
}
