import type { Command } from "./command.ts";

export const generateCode: Command = {
  run({ log }) {
    log.warn("generateCode");
  },
};
