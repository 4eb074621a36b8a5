import { CodedError } from "../../server/protocol/errors.ts";
import type { ServerView } from "../../server/protocol/webview.ts";
import type { ServerState } from "../supervise.ts";

/** The state of the language server as a view tells it, with its code where something is wrong. */
export function viewServer(state: ServerState): ServerView {
  switch (state.kind) {
    case "running":
      return { serverState: "running", reason: "The language server runs." };
    case "starting":
      return { serverState: "starting", reason: "The language server is starting." };
    case "stopped":
      return {
        serverState: "stopped",
        reason: "The language server is stopped.",
        error: new CodedError("SERVER_DIED").toData(),
      };
    case "restarting":
      return {
        serverState: "restarting",
        reason: "The language server stopped and is being restarted.",
        error: new CodedError("SERVER_DIED", state.reason).toData(),
      };
    case "failed":
      return {
        serverState: "failed",
        reason: "The language server keeps stopping and is not restarted any more.",
        error: new CodedError("SERVER_CRASH_LOOP", `Last: ${state.reason}`).toData(),
      };
  }
}
