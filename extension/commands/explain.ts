import type { Command } from "./command.ts";

export const explain: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
