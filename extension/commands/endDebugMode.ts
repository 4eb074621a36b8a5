import type { Command } from "./command.ts";

export const endDebugMode: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
