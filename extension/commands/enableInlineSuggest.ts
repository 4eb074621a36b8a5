import type { Command } from "./command.ts";

export const enableInlineSuggest: Command = {
  run() {
    throw new Error("Not there yet.");
  },
};
