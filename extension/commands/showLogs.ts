import type { Command } from "./command.ts";

export const showLogs: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
