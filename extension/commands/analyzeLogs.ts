import type { Command } from "./command.ts";

export const analyzeLogs: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
