import { CodedError } from "../../server/protocol/errors.ts";
import type { Command } from "./command.ts";

/** Lists the models on this machine; verifies and removes them. */
export const manageModels: Command = {
  run() {
    throw new CodedError("INTERNAL_ERROR", "Not there yet.");
  },
};
