import type { Command } from "./command.ts";

export const startDebugMode: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
