import type { Command } from "./command.ts";

export const showResults: Command = {
  run({ log }) {
    log.warn("showResults");
  },
};
