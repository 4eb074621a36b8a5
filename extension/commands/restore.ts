import type { Command } from "./command.ts";

export const restore: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
