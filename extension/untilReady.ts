import type { Status } from "../server/protocol/editor.ts";
import { CodedError } from "../server/protocol/errors.ts";
import type { Clock } from "./clock.ts";
import type { ServerState } from "./supervise.ts";

export interface UntilReadyOptions {
  readonly supervisor: {
    readonly state: ServerState;
    onState(listener: (state: ServerState) => void): () => void;
  };
  readonly status: {
    readonly current: Status | undefined;
    onChange(listener: (status: Status | undefined) => void): () => void;
  };
  readonly clock: Clock;
  /** A large model on a slow disk may take this long. */
  readonly patienceMs?: number;
}

/**
 * Settles when the service is ready, or off by the user's will. Rejects with a `CodedError`: why it
 * will not be ready, or `TIMEOUT_ERROR`.
 */
export function createUntilReady(options: UntilReadyOptions): () => Promise<void> {
  const { supervisor, status, clock, patienceMs = 120_000 } = options;
  return () =>
    new Promise((resolve, reject) => {
      const ends: (() => void)[] = [];
      const settle = (error?: CodedError): void => {
        for (const end of ends) end();
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = (): void => {
        const { state } = supervisor;
        if (state.kind === "failed") settle(new CodedError("SERVER_CRASH_LOOP", state.reason));
        if (state.kind !== "running") return;
        const said = status.current;
        if (said?.state === "ok" || said?.state === "busy" || said?.state === "off") settle();
        if (said?.state === "error") settle(errorOf(said));
      };
      ends.push(
        supervisor.onState(look),
        status.onChange(look),
        clock.after(patienceMs, () => {
          settle(new CodedError("TIMEOUT_ERROR", "The service is still starting."));
        }),
      );
      look();
    });
}

function errorOf({ code = "INTERNAL_ERROR", message }: Status): CodedError {
  const error = new CodedError(code);
  error.message = message;
  return error;
}
