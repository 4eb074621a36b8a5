import type { Command } from "./command.ts";

export const showLog: Command = {
  run({ log }) {
    log.show();
  },
};
