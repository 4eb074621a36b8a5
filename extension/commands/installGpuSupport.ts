import { CodedError } from "../../server/protocol/errors.ts";
import type { Command } from "./command.ts";

/** Fetches the native library for the GPU and tries it before it is used. */
export const installGpuSupport: Command = {
  run() {
    throw new CodedError("INTERNAL_ERROR", "Not there yet.");
  },
};
