import { analyzeLogs } from "./analyzeLogs.ts";
import { backup } from "./backup.ts";
import { checkHealth } from "./checkHealth.ts";
import { chooseModel } from "./chooseModel.ts";
import { chooseModelFile } from "./chooseModelFile.ts";
import { clearReview } from "./clearReview.ts";
import type { CommandTable } from "./command.ts";
import { doctor } from "./doctor.ts";
import { enableInlineSuggest } from "./enableInlineSuggest.ts";
import { endDebugMode } from "./endDebugMode.ts";
import { explain } from "./explain.ts";
import { generateCode } from "./generateCode.ts";
import { reviseSelection } from "./reviseSelection.ts";
import { showResults } from "./showResults.ts";
import { setEndpointKey } from "./setEndpointKey.ts";
import { showApi } from "./showApi.ts";
import { installGpuSupport } from "./installGpuSupport.ts";
import { manageModels } from "./manageModels.ts";
import { openModelDocs } from "./openModelDocs.ts";
import { openSettings } from "./openSettings.ts";
import { rebuild } from "./rebuild.ts";
import { reportIssue } from "./reportIssue.ts";
import { reset } from "./reset.ts";
import { restart } from "./restart.ts";
import { restartAll } from "./restartAll.ts";
import { restartServer } from "./restartServer.ts";
import { restore } from "./restore.ts";
import { restoreDismissed } from "./restoreDismissed.ts";
import { reviewChanges } from "./reviewChanges.ts";
import { reviewFile } from "./reviewFile.ts";
import { reviewSelection } from "./reviewSelection.ts";
import { setHubToken } from "./setHubToken.ts";
import { showDownloads } from "./showDownloads.ts";
import { showLog } from "./showLog.ts";
import { showLogs } from "./showLogs.ts";
import { showLowConfidence } from "./showLowConfidence.ts";
import { showMenu } from "./showMenu.ts";
import { snooze } from "./snooze.ts";
import { startDebugMode } from "./startDebugMode.ts";
import { toggle } from "./toggle.ts";
import { toggleLanguage } from "./toggleLanguage.ts";
import { toggleReviewOnSave } from "./toggleReviewOnSave.ts";
import { trigger } from "./trigger.ts";
import { useBundledModel } from "./useBundledModel.ts";

/** All commands. They work while the server is down. */
export const commandTable: CommandTable = {
  "starcoder.toggle": toggle,
  "starcoder.toggleLanguage": toggleLanguage,
  "starcoder.snooze": snooze,
  "starcoder.trigger": trigger,
  "starcoder.reviewFile": reviewFile,
  "starcoder.reviewChanges": reviewChanges,
  "starcoder.reviewSelection": reviewSelection,
  "starcoder.showLowConfidence": showLowConfidence,
  "starcoder.clearReview": clearReview,
  "starcoder.restoreDismissed": restoreDismissed,
  "starcoder.toggleReviewOnSave": toggleReviewOnSave,
  "starcoder.showLog": showLog,
  "starcoder.restart": restart,
  "starcoder.showMenu": showMenu,
  "starcoder.openSettings": openSettings,
  "starcoder.openModelDocs": openModelDocs,
  "starcoder.chooseModel": chooseModel,
  "starcoder.chooseModelFile": chooseModelFile,
  "starcoder.manageModels": manageModels,
  "starcoder.showDownloads": showDownloads,
  "starcoder.setHubToken": setHubToken,
  "starcoder.installGpuSupport": installGpuSupport,
  "starcoder.useBundledModel": useBundledModel,
  "starcoder.generateCode": generateCode,
  "starcoder.reviseSelection": reviseSelection,
  "starcoder.showResults": showResults,
  "starcoder.setEndpointKey": setEndpointKey,
  "starcoder.showApi": showApi,
  "starcoder.doctor": doctor,
  "starcoder.checkHealth": checkHealth,
  "starcoder.explain": explain,
  "starcoder.showLogs": showLogs,
  "starcoder.analyzeLogs": analyzeLogs,
  "starcoder.restartServer": restartServer,
  "starcoder.restartAll": restartAll,
  "starcoder.rebuild": rebuild,
  "starcoder.backup": backup,
  "starcoder.restore": restore,
  "starcoder.reset": reset,
  "starcoder.startDebugMode": startDebugMode,
  "starcoder.endDebugMode": endDebugMode,
  "starcoder.reportIssue": reportIssue,
  "starcoder.enableInlineSuggest": enableInlineSuggest,
};
