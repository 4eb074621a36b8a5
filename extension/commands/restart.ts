import type { Command } from "./command.ts";
import { restartService } from "./restartService.ts";

/** The host where a server can be asked to do it, else host and server. */
export const restart: Command = {
  run: (context) => restartService("host", context),
};
