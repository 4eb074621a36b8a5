import type { Command } from "./command.ts";

export const setEndpointKey: Command = {
  run({ log }) {
    log.warn("setEndpointKey");
  },
};
