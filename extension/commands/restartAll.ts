import type { Command } from "./command.ts";

export const restartAll: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
