import type { Command } from "./command.ts";

export const rebuild: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
