import type { Command } from "./command.ts";

/** Clears the setting and the choice: the bundled starter is used then. */
export const useBundledModel: Command = {
  async run({ settings, notices, models }) {
    notices.reset();
    await settings.clear("model.path");
    const list = await models.calls.list();
    const bundled = list.models.find(({ source }) => source === "bundled");
    if (bundled !== undefined && !bundled.active) await models.calls.use(bundled.id);
  },
};
