import type { Command } from "./command.ts";

export const reset: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
