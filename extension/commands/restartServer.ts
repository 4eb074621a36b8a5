import type { Command } from "./command.ts";
import { restartService } from "./restartService.ts";

/** The language server of this window. */
export const restartServer: Command = {
  run: (context) => restartService("server", context),
};
