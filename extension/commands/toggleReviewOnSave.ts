import type { Command } from "./command.ts";

export const toggleReviewOnSave: Command = {
  async run({ settings }) {
    const onSave = settings.current["review.mode"] === "save";
    await settings.write("review.mode", onSave ? "command" : "save");
  },
};
