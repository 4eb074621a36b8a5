import { chooseModel } from "./chooseModel.ts";
import type { CommandTable } from "./command.ts";
import { doctor } from "./doctor.ts";
import { openModelDocs } from "./openModelDocs.ts";
import { openSettings } from "./openSettings.ts";
import { restart } from "./restart.ts";
import { showLog } from "./showLog.ts";
import { showMenu } from "./showMenu.ts";
import { snooze } from "./snooze.ts";
import { toggle } from "./toggle.ts";
import { toggleLanguage } from "./toggleLanguage.ts";
import { trigger } from "./trigger.ts";
import { useBundledModel } from "./useBundledModel.ts";

/** All commands. They work while the server is down. */
export const commandTable: CommandTable = {
  "starcoder.toggle": toggle,
  "starcoder.toggleLanguage": toggleLanguage,
  "starcoder.snooze": snooze,
  "starcoder.trigger": trigger,
  "starcoder.showLog": showLog,
  "starcoder.restart": restart,
  "starcoder.showMenu": showMenu,
  "starcoder.openSettings": openSettings,
  "starcoder.openModelDocs": openModelDocs,
  "starcoder.chooseModel": chooseModel,
  "starcoder.useBundledModel": useBundledModel,
  "starcoder.doctor": doctor,
};
