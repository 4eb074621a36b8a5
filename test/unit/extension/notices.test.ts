import { describe, expect, it } from "vitest";
import { createNotices, noticeOf, type Notice } from "../../../extension/notices.ts";
import { errorCodes, errorTable } from "../../../server/protocol/errors.ts";
import { status } from "./samples.ts";

function setUp() {
  const shown: Notice[] = [];
  return { shown, notices: createNotices((notice) => shown.push(notice)) };
}

const missing = status("error", {
  code: "MODEL_NOT_FOUND",
  message: "The model file does not exist.",
  remedy: "Correct starcoder.model.path.",
  actions: ["openSettings", "useBundledModel"],
});

describe("notices", () => {
  it("tell message, remedy and code, with buttons that do the remedy", () => {
    const { shown, notices } = setUp();
    notices.onStatus(missing);
    expect(shown).toEqual([
      {
        severity: "error",
        message:
          "StarCoder: The model file does not exist. Correct starcoder.model.path. (MODEL_NOT_FOUND)",
        buttons: [
          { label: "Open Settings", command: "starcoder.openSettings" },
          { label: "Use Bundled Model", command: "starcoder.useBundledModel" },
        ],
      },
    ]);
  });

  it("keep message and remedy apart where the message ends in a path", () => {
    const { message } = noticeOf("MODEL_NOT_FOUND", "It does not exist. /m.gguf", "Correct it.");
    expect(message).toBe("StarCoder: It does not exist. /m.gguf. Correct it. (MODEL_NOT_FOUND)");
  });

  it("tell each code once, however often the state changes between", () => {
    const { shown, notices } = setUp();
    notices.onStatus(missing);
    notices.onStatus(status("starting"));
    notices.onStatus(missing);
    notices.onStatus({ ...missing, code: "MEMORY_ERROR" });
    expect(shown).toHaveLength(2);
  });

  it("tell what does not work beside a service that does, with the reason and buttons, once", () => {
    const { shown, notices } = setUp();
    const problem = (message: string) => ({
      ...({ code: "MODEL_SWITCH_FAILED", message, remedy: "Choose another model." } as const),
      actions: ["chooseModel", "showLog"] as ("chooseModel" | "showLog")[],
    });
    notices.onStatus(status("ok", { problem: problem("large.gguf: It is empty.") }));
    notices.onStatus(status("busy", { problem: problem("large.gguf: It is empty.") }));
    expect(shown).toMatchObject([
      {
        severity: "warning",
        message: "StarCoder: large.gguf: It is empty. Choose another model. (MODEL_SWITCH_FAILED)",
        buttons: [
          { label: "Choose Model", command: "starcoder.chooseModel" },
          { label: "Show Logs", command: "starcoder.showLogs" },
        ],
      },
    ]);
    notices.onStatus(status("ok", { problem: problem("other.gguf: It is empty.") }));
    expect(shown).toHaveLength(2);
  });

  it("tell it again after the user did something about it", () => {
    const { shown, notices } = setUp();
    notices.onStatus(missing);
    notices.reset();
    notices.onStatus(missing);
    expect(shown).toHaveLength(2);
  });

  it("tell of a GPU that is not used, once for all windows, with a button to install support", () => {
    const lasting = new Set<string>();
    const shown: Notice[] = [];
    const backend = { requested: "auto", used: "cpu" } as const;
    const fallbackReason = "NVIDIA GPU is not used: no library for it is installed";
    const unused = { ...status("ok"), backend: { ...backend, fallbackReason } };
    for (let window = 0; window < 2; window++) {
      const notices = createNotices((notice) => shown.push(notice), lasting);
      notices.onStatus({ ...status("ok"), backend });
      notices.onStatus(unused);
      notices.reset();
      notices.onStatus(unused);
    }
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ severity: "warning" });
    expect(shown[0]?.message).toContain("NVIDIA GPU is not used");
    expect(shown[0]?.buttons[0]).toMatchObject({ command: "starcoder.installGpuSupport" });
  });

  it("stay silent while the service recovers by itself", () => {
    const { shown, notices } = setUp();
    notices.onStatus(status("starting", { code: "HOST_DIED", actions: ["restart"] }));
    notices.onServerState({ kind: "restarting", reason: "It stopped." });
    expect(shown).toEqual([]);
  });

  it("tell that the language server is given up on, with a button to restart it", () => {
    const { shown, notices } = setUp();
    notices.onServerState({ kind: "failed", reason: "No such module." });
    expect(shown).toMatchObject([{ severity: "error" }]);
    expect(shown[0]?.message).toMatch(/No such module.*\(SERVER_CRASH_LOOP\)/);
    expect(shown[0]?.buttons[0]).toMatchObject({ command: "starcoder.restartServer" });
  });

  it("warn of a setting that is not valid, once for each value", () => {
    const { shown, notices } = setUp();
    const problem = {
      code: "VALIDATION_ERROR",
      key: "starcoder.threads",
      kind: "invalid",
      message: "starcoder.threads: expected a number. The default 0 is used.",
    } as const;
    notices.onStatus(status("ok", { settingProblems: [problem] }));
    notices.onStatus(status("busy", { settingProblems: [problem] }));
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ severity: "warning" });
    expect(shown[0]?.message).toContain(problem.message);
  });

  it("tell a failure once, whether it comes as status, as message or as both", () => {
    const { shown, notices } = setUp();
    notices.onMessage("error", `MODEL_NOT_FOUND: ${missing.message}`);
    notices.onStatus(missing);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.message).toContain(errorTable.MODEL_NOT_FOUND.remedy);
  });

  it("tell a setting that is not valid once, whether as status or as message", () => {
    const { shown, notices } = setUp();
    const message = "starcoder.threads: expected a number.\nThe default 0 is used.";
    const problem = {
      code: "VALIDATION_ERROR",
      key: "starcoder.threads",
      kind: "invalid",
    } as const;
    notices.onMessage("warning", `VALIDATION_ERROR: ${message}`);
    notices.onStatus(status("ok", { settingProblems: [{ ...problem, message }] }));
    expect(shown).toMatchObject([
      { severity: "warning", message: `StarCoder: ${message} (VALIDATION_ERROR)` },
    ]);
  });

  it("show a message without a code as it is", () => {
    const { shown, notices } = setUp();
    notices.onMessage("warning", "Something: odd");
    expect(shown[0]?.message).toBe("StarCoder: Something: odd");
  });

  it.each(errorCodes)("have words for %s", (code) => {
    const notice = noticeOf(code, errorTable[code].message);
    expect(notice.message).toContain(errorTable[code].remedy);
    expect(notice.buttons).toHaveLength(errorTable[code].actions.length);
  });
});
