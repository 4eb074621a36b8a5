import { modelStepId, openWalkthrough } from "../walkthrough.ts";
import type { Command } from "./command.ts";

/** Opens the walkthrough at the model that suits this machine; it needs no network. */
export const openModelDocs: Command = {
  async run({ extension, models, log }) {
    const { recommended } = models;
    await openWalkthrough(extension.id, modelStepId(extension, recommended.id));
    if (recommended.id !== undefined) return;
    try {
      await models.refresh();
      await openWalkthrough(extension.id, modelStepId(extension, recommended.id));
    } catch (thrown) {
      log.warn(`Which model suits this machine is not known: ${String(thrown)}`);
    }
  },
};
