import type { Command } from "./command.ts";

export const checkHealth: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
