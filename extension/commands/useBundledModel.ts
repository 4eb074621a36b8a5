import type { Command } from "./command.ts";

export const useBundledModel: Command = {
  async run({ settings, notices }) {
    notices.reset();
    await settings.clear("model.path");
  },
};
