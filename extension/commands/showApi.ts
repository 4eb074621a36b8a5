import type { Command } from "./command.ts";

export const showApi: Command = {
  run({ log }) {
    log.warn("showApi");
  },
};
