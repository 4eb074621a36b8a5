import type { Command } from "./command.ts";

export const reportIssue: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
