import type { Command } from "./command.ts";

export const reviseSelection: Command = {
  run({ log }) {
    log.warn("reviseSelection");
  },
};
