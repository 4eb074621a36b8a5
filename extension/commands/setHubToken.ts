import { CodedError } from "../../server/protocol/errors.ts";
import type { Command } from "./command.ts";

/** Keeps the model hub's access token in the editor's secret storage, or forgets it. */
export const setHubToken: Command = {
  run() {
    throw new CodedError("INTERNAL_ERROR", "Not there yet.");
  },
};
