import { noticeOf, type Notice } from "../notices.ts";
import type { ServerState } from "../supervise.ts";

/** What to say to who asks for something that only a running server can do; undefined: it runs. */
export function serverDown(state: ServerState): Notice | undefined {
  switch (state.kind) {
    case "running":
      return undefined;
    case "starting":
    case "restarting":
      return noticeOf(
        "MODEL_UNAVAILABLE",
        "The language server is still starting.",
        "Try again in a moment.",
      );
    case "stopped":
      return noticeOf("SERVER_DIED", "The language server does not run.");
    case "failed":
      return noticeOf("SERVER_CRASH_LOOP", "The language server does not run.");
  }
}
