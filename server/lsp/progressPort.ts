import {
  WorkDoneProgress,
  WorkDoneProgressCancelNotification,
  WorkDoneProgressCreateRequest,
  type Connection,
} from "vscode-languageserver/node";
import type { ProgressPort, ProgressToken } from "./review/progress.ts";

export interface ConnectedProgress extends ProgressPort {
  /** Listens for cancellations; for after `initialize`, since the library registers a listener of its own there. */
  begin(): void;
}

/** Progress over a connection; tokens of the server only where the client can show them. */
export function createProgressPort(
  connection: Connection,
  isSupported: () => boolean,
): ConnectedProgress {
  const cancels = new Map<ProgressToken, () => void>();
  let created = 0;
  return {
    begin() {
      connection.onNotification(WorkDoneProgressCancelNotification.type, ({ token }) =>
        cancels.get(token)?.(),
      );
    },
    async create() {
      if (!isSupported()) return undefined;
      created += 1;
      const token = `starcoder-${created}`;
      await connection.sendRequest(WorkDoneProgressCreateRequest.type, { token });
      return token;
    },
    send(token, value) {
      // A client that is gone needs no progress.
      connection.sendProgress(WorkDoneProgress.type, token, value).catch(() => undefined);
    },
    onCancel(token, cancel) {
      cancels.set(token, cancel);
      return () => void cancels.delete(token);
    },
  };
}
