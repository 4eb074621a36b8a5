import * as vscode from "vscode";
import { CodedError } from "../../server/protocol/errors.ts";
import {
  logLevelSchema,
  logLevelVariable,
  type LogFilter,
  type LogLevel,
} from "../../server/protocol/logs.ts";
import {
  commonViewRequests,
  logReaderRequests,
  type LogsInitial,
} from "../../server/protocol/webview.ts";
import type { Clock } from "../clock.ts";
import type { SettingsStore } from "../settings.ts";
import { answerCommonRequest } from "./commonRequests.ts";
import { createLogReader, type LogReader } from "./logReader.ts";
import { openLogFile, openLogFolder } from "./openLogFile.ts";
import { startReaderProcess } from "./readerProcess.ts";
import { createViewPanel, type ViewPanel } from "./viewPanel.ts";

export interface LogsPanelOptions {
  readonly extensionUri: vscode.Uri;
  /** The bundle of the log reader. */
  readonly readerScript: string;
  readonly settings: Pick<SettingsStore, "current" | "onChange">;
  readonly clock: Clock;
  readonly log: Pick<vscode.LogOutputChannel, "warn">;
}

/** The log viewer of the window: one, made when it is first opened. It needs no server. */
export interface LogsPanel {
  /** Opens it or brings it to the front; with a filter it shows those records. */
  open(tab: LogsInitial["tab"], filter: LogFilter | undefined): void;
  dispose(): void;
}

export function createLogsPanel(options: LogsPanelOptions): LogsPanel {
  const { settings, log } = options;
  let panel: ViewPanel | undefined;
  /** What a view that still loads would not hear; told when it has asked for something. */
  let unheard: Omit<LogsInitial, "level"> | undefined;
  let isHeard = false;
  const level = (): LogLevel =>
    logLevelSchema.safeParse(process.env[logLevelVariable]).data ?? settings.current["log.level"];

  function create(initial: LogsInitial): ViewPanel {
    unheard = undefined;
    isHeard = false;
    const reader = createLogReader({
      start: () => startReaderProcess(options.readerScript),
      clock: options.clock,
      onEvent: ({ name, data }) => created.send(name, data),
      onEnd(state, reason) {
        log.warn(reason);
        created.send("reader", { state, reason });
      },
    });
    const watching = settings.onChange(() => created.send("level", { level: level() }));
    const created = createViewPanel({
      extensionUri: options.extensionUri,
      name: "logs",
      title: "StarCoder Logs",
      initial,
      async answer(method, params) {
        isHeard = true;
        if (unheard !== undefined) created.send("open", unheard);
        unheard = undefined;
        const answered: unknown = await (Object.hasOwn(logReaderRequests, method)
          ? reader.request(method, params)
          : (answerLogsRequest(reader, method, params) ?? answerCommonRequest(method, params)));
        if (answered === undefined) throw new CodedError("VALIDATION_ERROR", method);
        return answered;
      },
      onDispose() {
        watching.dispose();
        reader.dispose();
        if (panel === created) panel = undefined;
      },
    });
    return created;
  }

  return {
    open(tab, filter) {
      const shown = { tab, ...(filter === undefined ? {} : { filter }) };
      if (panel === undefined) {
        panel = create({ ...shown, level: level() });
        return;
      }
      panel.reveal();
      if (isHeard) panel.send("open", shown);
      else unheard = shown;
    },
    dispose() {
      panel?.dispose();
    },
  };
}

/** Requests of this view; undefined: it is none of them. */
function answerLogsRequest(
  reader: LogReader,
  method: string,
  params: unknown,
): Promise<object> | undefined {
  switch (method) {
    case "restartReader":
      reader.restart();
      return Promise.resolve({});
    case "openFolder":
      return reader.request("files", {}).then((files) => openLogFolder(files));
    case "openLogSettings":
      void vscode.commands.executeCommand("workbench.action.openSettings", "starcoder.log.level");
      return Promise.resolve({});
    case "openFile": {
      const { path, offset } = commonViewRequests.openFile.parse(params);
      return openLogFile(path, offset ?? 0);
    }
    default:
      return undefined;
  }
}
