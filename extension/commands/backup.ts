import type { Command } from "./command.ts";

export const backup: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
