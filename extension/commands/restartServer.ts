import type { Command } from "./command.ts";

export const restartServer: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
