import type {
  WorkDoneProgressBegin,
  WorkDoneProgressEnd,
  WorkDoneProgressReport,
} from "vscode-languageserver/node";
import type { Clock } from "../../engine/clock.ts";

/** How the client is told of work that takes a while. */
export interface ProgressPort {
  /** Asks the client to show progress under a new token; undefined when it cannot. May reject. */
  create(): Promise<ProgressToken | undefined>;
  send(
    token: ProgressToken,
    value: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd,
  ): void;
  /** Calls back when the user cancels this token; the returned function ends the subscription. */
  onCancel(token: ProgressToken, cancel: () => void): () => void;
}

export type ProgressToken = string | number;

export interface ReviewProgressBar {
  report(done: number, total: number): void;
  end(): void;
}

/**
 * Progress of one review: under the client's token at once, or under one of the server's own as soon
 * as the review has taken `afterMs`.
 */
export function createProgressBar(options: {
  readonly port: ProgressPort;
  readonly clock: Clock;
  readonly title: string;
  readonly token: ProgressToken | undefined;
  /** Undefined: never. */
  readonly afterMs: number | undefined;
  readonly cancel: () => void;
}): ReviewProgressBar {
  const { port, clock, title } = options;
  let token: ProgressToken | undefined;
  let stopListening = (): void => undefined;
  let ended = false;
  let last: { readonly done: number; readonly total: number } | undefined;

  function begin(chosen: ProgressToken): void {
    token = chosen;
    stopListening = port.onCancel(chosen, options.cancel);
    port.send(chosen, { kind: "begin", title, cancellable: true, ...describe() });
  }

  function describe(): { percentage?: number; message?: string } {
    if (last === undefined || last.total === 0) return { percentage: 0 };
    const { done, total } = last;
    return { percentage: Math.round((100 * done) / total), message: `${done} of ${total}` };
  }

  async function create(): Promise<void> {
    try {
      const created = await port.create();
      if (!ended && created !== undefined) begin(created);
    } catch {
      // A client that shows no progress can do without.
    }
  }

  let cancelTimer = (): void => undefined;
  if (options.token !== undefined) begin(options.token);
  else if (options.afterMs !== undefined) {
    cancelTimer = clock.after(options.afterMs, () => void create());
  }

  return {
    report(done, total) {
      last = { done, total };
      if (token !== undefined && !ended) port.send(token, { kind: "report", ...describe() });
    },
    end() {
      if (ended) return;
      ended = true;
      cancelTimer();
      stopListening();
      if (token !== undefined) port.send(token, { kind: "end" });
    },
  };
}
