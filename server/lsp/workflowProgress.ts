import type { WorkflowProgress } from "../protocol/workflow.ts";
import type { ProgressPort, ProgressToken } from "./review/progress.ts";

export interface WorkflowProgressOptions {
  readonly port: ProgressPort;
  readonly title: string;
  /** The client's; without it one is asked for. */
  readonly token: ProgressToken | undefined;
  readonly cancel: () => void;
}

/** Progress of a workflow as LSP has it, for clients without a way of their own. */
export function createWorkflowProgress(options: WorkflowProgressOptions): {
  report(progress: WorkflowProgress): void;
  end(): void;
} {
  const { port, title } = options;
  let token: ProgressToken | undefined;
  let message: string | undefined;
  let stopListening = (): void => undefined;
  let ended = false;

  function begin(chosen: ProgressToken): void {
    token = chosen;
    stopListening = port.onCancel(chosen, options.cancel);
    const told = message === undefined ? {} : { message };
    port.send(chosen, { kind: "begin", title, cancellable: true, ...told });
  }

  if (options.token === undefined) {
    port.create().then(
      (created) => {
        if (created === undefined) return;
        begin(created);
        if (ended) close();
      },
      // A client that shows no progress can do without.
      () => undefined,
    );
  } else begin(options.token);

  function close(): void {
    stopListening();
    if (token !== undefined) port.send(token, { kind: "end" });
  }

  return {
    report(progress) {
      message = progress.message;
      if (token !== undefined && !ended) port.send(token, { kind: "report", message });
    },
    end() {
      if (ended) return;
      ended = true;
      close();
    },
  };
}
