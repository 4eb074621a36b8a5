import { describe, expect, it } from "vitest";
import { viewStatus, type StatusInput, type StatusKind } from "../../../extension/statusView.ts";
import { input, starter, status } from "./samples.ts";

function check(title: string, change: Partial<StatusInput>, kind: StatusKind, text: string): void {
  it(title, () => {
    expect(viewStatus(input(change))).toMatchObject({ kind, text });
  });
}

const missing = status("error", {
  code: "MODEL_NOT_FOUND",
  message: "The model file does not exist. /a_b/*.gguf",
  remedy: "Correct starcoder.model.path.",
});

const badThreads = {
  code: "VALIDATION_ERROR",
  key: "starcoder.threads",
  kind: "invalid",
  message: "starcoder.threads: expected a number. The default 0 is used.",
} as const;

describe("the status item", () => {
  check("shows a star when ready", {}, "ok", "$(star-full) StarCoder");
  check("turns while busy", { status: status("busy") }, "busy", "$(loading~spin) StarCoder");
  check(
    "says starting while the model is loaded",
    { status: status("starting") },
    "starting",
    "$(loading~spin) StarCoder: starting",
  );
  check(
    "says starting until the server has said something",
    { status: undefined },
    "starting",
    "$(loading~spin) StarCoder: starting",
  );
  check(
    "does not believe the last words of a server that is gone",
    { server: { kind: "restarting", reason: "It stopped." } },
    "starting",
    "$(loading~spin) StarCoder: starting",
  );
  check(
    "shows the code of an error",
    { status: missing },
    "error",
    "$(error) StarCoder: MODEL_NOT_FOUND",
  );
  check(
    "shows an error while snoozed",
    { status: missing, availability: { kind: "off", why: "snoozed" }, snoozeMinutes: 5 },
    "error",
    "$(error) StarCoder: MODEL_NOT_FOUND",
  );
  check(
    "shows no error to a user who turned suggestions off",
    { status: missing, availability: { kind: "off", why: "disabled" } },
    "off",
    "$(circle-slash) StarCoder: off",
  );
  check(
    "shows a server that is given up on as an error",
    { server: { kind: "failed", reason: "No such module." } },
    "error",
    "$(error) StarCoder: SERVER_CRASH_LOOP",
  );
  check(
    "shows how long it is still snoozed",
    { availability: { kind: "off", why: "snoozed" }, snoozeMinutes: 12 },
    "snoozed",
    "$(bell-slash) StarCoder: 12 min",
  );
  check(
    "keeps its width for a language that is off",
    { availability: { kind: "off", why: "language" } },
    "languageOff",
    "$(circle-slash) StarCoder",
  );

  it.each([
    ["none", {}],
    ["error", { status: missing }],
    ["warning", { status: status("ok", { settingProblems: [badThreads] }) }],
    ["none", { status: status("starting", { settingProblems: [badThreads] }) }],
  ] as const)("has the emphasis %s", (emphasis, change) => {
    expect(viewStatus(input(change)).emphasis).toBe(emphasis);
  });

  it("names the language that is off", () => {
    const view = viewStatus(input({ availability: { kind: "off", why: "language" } }));
    expect(view.summary).toBe("Suggestions are off for python.");
  });
});

describe("the tooltip", () => {
  it("names the model and says plainly that the bundled one is a starter", () => {
    const { tooltip } = viewStatus(input());
    expect(tooltip).toContain(
      "starcoder\\-tiny \\(7.6M parameters, F16, 2K tokens of context, on the CPU\\)",
    );
    expect(tooltip).toContain("a starter");
    expect(tooltip).toContain("command:starcoder.openModelDocs");
  });

  it("does not call another model a starter", () => {
    const model = { ...starter, name: "starcoder2-3b", starter: false };
    expect(viewStatus(input({ status: status("ok", { model }) })).tooltip).not.toContain("starter");
  });

  it("says why the GPU is not used", () => {
    const backend = { requested: "cuda", used: "cpu", fallbackReason: "no driver" } as const;
    const { tooltip } = viewStatus(input({ status: status("ok", { model: starter, backend }) }));
    expect(tooltip).toContain("on the CPU; GPU not used: no driver");
  });

  it("shows message and remedy of an error, inert in Markdown", () => {
    const { tooltip } = viewStatus(input({ status: missing }));
    expect(tooltip).toContain("/a\\_b/\\*.gguf");
    expect(tooltip).toContain("Correct starcoder.model.path.");
  });

  it("lists settings that are not valid", () => {
    const { tooltip } = viewStatus(
      input({ status: status("ok", { settingProblems: [badThreads] }) }),
    );
    expect(tooltip).toContain(`$(warning) ${badThreads.message}`);
  });

  it("names the model that is on its way beside the one in use", () => {
    const ok = status("ok", { model: starter, switchingTo: "large.gguf" });
    expect(viewStatus(input({ status: ok })).summary).toBe(
      "Ready with starcoder-tiny, the bundled starter; large.gguf is being loaded.",
    );
  });

  it("says of a model that was unloaded how it comes back", () => {
    const ok = status("ok", { model: starter, unloaded: true });
    const view = viewStatus(input({ status: ok }));
    expect(view.kind).toBe("ok");
    expect(view.summary).toContain("it is loaded at the next key");
  });

  it("asks for attention where a chosen model does not work, and says why", () => {
    const problem = {
      code: "MODEL_SWITCH_FAILED",
      message: "It is empty.",
      remedy: "Choose another model.",
      actions: [],
    } as const;
    const ok = status("ok", { model: starter, problem: { ...problem, actions: [] } });
    const view = viewStatus(input({ status: ok }));
    expect(view).toMatchObject({ kind: "ok", emphasis: "warning" });
    expect(view.tooltip).toContain("It is empty");
  });
});
