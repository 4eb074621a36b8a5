import {
  errorActionCommands,
  type CommandId,
  type EditorCommandId,
} from "../server/protocol/commands.ts";
import type { Status } from "../server/protocol/editor.ts";
import { CodedError, errorCodes, errorTable, type ErrorCode } from "../server/protocol/errors.ts";
import type { ServerState } from "./supervise.ts";

/** A message for the user with buttons that do the remedy. */
export interface Notice {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly buttons: readonly {
    readonly label: string;
    readonly command: CommandId | EditorCommandId;
  }[];
}

/** Decides what the user is told. Each failure once, until `reset`. */
export interface Notices {
  onStatus(status: Status): void;
  onServerState(state: ServerState): void;
  /** What the server wants shown by any client: `CODE: message` for a failure with a code. */
  onMessage(severity: Notice["severity"], text: string): void;
  /** The user did something about it: the same failure is worth telling again. */
  reset(): void;
}

/** What was told in earlier windows, too. */
export interface LastingMemory {
  has(key: string): boolean;
  add(key: string): void;
}

/** @param lasting what is told once for all windows, now and later, is remembered there */
export function createNotices(
  show: (notice: Notice) => void,
  lasting: LastingMemory = new Set<string>(),
): Notices {
  const told = new Set<string>();

  function tell(key: string, notice: Notice): void {
    if (!told.has(key)) {
      told.add(key);
      show(notice);
    }
  }

  return {
    onStatus(status) {
      if (status.state === "error") {
        const code = status.code ?? "INTERNAL_ERROR";
        tell(code, noticeOf(code, status.message, status.remedy, status.actions));
      }
      const { problem } = status;
      if (problem !== undefined) {
        // Suggestions go on: another file that fails is another story, and worth telling.
        const { code, message, remedy, actions } = problem;
        const notice = noticeOf(code, message, remedy, actions);
        tell(`${code} ${message}`, { ...notice, severity: "warning" });
      }
      if (status.state !== "error" && status.code === "ENDPOINTS_DOWN") {
        // The local model answers: worth a word, and no more.
        const notice = noticeOf(status.code, status.message, undefined, status.actions);
        tell(status.code, { ...notice, severity: "warning" });
      }
      const unused = unusedGpu(status);
      if (unused !== undefined && !lasting.has(unused.message)) {
        lasting.add(unused.message);
        show(unused);
      }
      for (const problem of status.settingProblems) {
        tell(problem.message, invalidSetting(problem.message));
      }
    },
    onServerState(state) {
      if (state.kind === "failed") {
        const { message } = new CodedError("SERVER_CRASH_LOOP", `Last: ${state.reason}`);
        tell("SERVER_CRASH_LOOP", noticeOf("SERVER_CRASH_LOOP", message));
      }
    },
    onMessage(severity, text) {
      const [, prefix = "", message = ""] = /^([A-Z_]+): ([^]*)$/.exec(text) ?? [];
      const code = errorCodes.find((known) => known === prefix);
      if (code === "VALIDATION_ERROR") {
        tell(message, invalidSetting(message));
      } else if (code !== undefined) {
        tell(code, noticeOf(code, message));
      } else {
        tell(text, { severity, message: `StarCoder: ${text}`, buttons: buttonsOf(["showLog"]) });
      }
    },
    reset() {
      told.clear();
    },
  };
}

/** A GPU that is there, or was asked for, and the CPU that does its work. */
function unusedGpu({ backend }: Status): Notice | undefined {
  if (backend?.used !== "cpu" || backend.fallbackReason === undefined) return undefined;
  if (backend.requested === "remote") return undefined;
  return {
    severity: "warning",
    message: `StarCoder runs on the processor. ${endSentence(backend.fallbackReason)} (BACKEND_UNAVAILABLE)`,
    buttons: buttonsOf(["installGpuSupport", "openSettings", "doctor"]),
  };
}

function invalidSetting(message: string): Notice {
  return {
    severity: "warning",
    message: `StarCoder: ${endSentence(message)} (VALIDATION_ERROR)`,
    buttons: buttonsOf(["openSettings"]),
  };
}

/** The notice of a failure; what the server did not say comes from the table. */
export function noticeOf(
  code: ErrorCode,
  message: string,
  remedy: string = errorTable[code].remedy,
  actions: Status["actions"] = [...errorTable[code].actions],
): Notice {
  const sentences = [message, ...(message.includes(remedy) ? [] : [remedy])].map(endSentence);
  return {
    severity: "error",
    message: `StarCoder: ${sentences.join(" ")} (${code})`,
    buttons: buttonsOf(actions),
  };
}

/** Particulars such as a path stand at the end of a message without a full stop. */
function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

function buttonsOf(actions: Status["actions"]): Notice["buttons"] {
  return actions.map((action) => errorActionCommands[action]);
}
