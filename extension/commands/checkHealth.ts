import type { Command } from "./command.ts";

/** Opens the health view. */
export const checkHealth: Command = {
  run({ healthPanel }) {
    healthPanel.open({ diagnose: false });
  },
};
