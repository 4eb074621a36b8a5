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
    case "failed":
      return noticeOf(
        "INTERNAL_ERROR",
        "The language server does not run.",
        "Restart it; the log says why it stopped.",
        ["restart", "showLog", "doctor"],
      );
  }
}
