import { CodedError } from "../../server/protocol/errors.ts";
import type { Command } from "./command.ts";

/** Picks a GGUF file, tries it, and uses it. */
export const chooseModelFile: Command = {
  run() {
    throw new CodedError("INTERNAL_ERROR", "Not there yet.");
  },
};
