import type { Command } from "./command.ts";

/** Also ends a pause: who turns suggestions on wants to see them. */
export const toggle: Command = {
  async run({ settings, snooze }) {
    const next = !settings.current.enabled;
    if (next) {
      snooze.end();
    }
    await settings.write("enabled", next);
  },
};
