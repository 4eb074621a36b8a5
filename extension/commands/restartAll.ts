import type { Command } from "./command.ts";
import { restartService } from "./restartService.ts";

/** Model host and language server. */
export const restartAll: Command = {
  run: (context) => restartService("all", context),
};
