import type { Command } from "./command.ts";

/** Opens the health view on its diagnosis, and runs it. */
export const doctor: Command = {
  run({ healthPanel }) {
    healthPanel.open({ diagnose: true });
  },
};
