import { CodedError } from "../../server/protocol/errors.ts";
import type { Command } from "./command.ts";

/** Shows downloads; pauses, resumes and cancels them. */
export const showDownloads: Command = {
  run() {
    throw new CodedError("INTERNAL_ERROR", "Not there yet.");
  },
};
