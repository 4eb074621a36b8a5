import { hostHealthRequest, hostHealthSchema } from "../../protocol/host.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Clock } from "../clock.ts";
import type { HostConnection } from "./hostConnection.ts";

export interface WatchdogOptions {
  readonly clock: Clock;
  readonly pingEveryMs?: number;
  readonly answerWithinMs?: number;
  /** Whether an answer is owed although no call is pending: while the model loads. */
  readonly expecting: () => boolean;
}

/**
 * Pings the host every few seconds while calls wait for it, and ends the connection with
 * `HOST_HUNG` when nothing at all was heard for five seconds after a ping. Returns what stops it.
 */
export function watchHost(connection: HostConnection, options: WatchdogOptions): () => void {
  const { clock, pingEveryMs = 2000, answerWithinMs = 5000 } = options;
  let cancel = clock.after(pingEveryMs, tick);
  let heard = connection.received;
  let silentSince: number | undefined;
  let pings = 0;

  function tick(): void {
    if (connection.received !== heard) {
      heard = connection.received;
      silentSince = undefined;
    }
    if (silentSince !== undefined && clock.now() - silentSince >= answerWithinMs) {
      connection.end(new CodedError("HOST_HUNG"));
      return;
    }
    const waiting = connection.pending > pings || options.expecting();
    if (waiting || silentSince !== undefined) {
      silentSince ??= clock.now();
      if (pings === 0) ping();
    }
    cancel = clock.after(silentSince === undefined ? pingEveryMs : 500, tick);
  }

  function ping(): void {
    pings += 1;
    void connection.call(hostHealthRequest, undefined, hostHealthSchema).then(() => (pings -= 1));
  }

  connection.onEnd(() => cancel());
  return () => cancel();
}
