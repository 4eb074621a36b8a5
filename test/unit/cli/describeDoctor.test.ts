import { describe, expect, it } from "vitest";
import { describeDoctor } from "../../../server/cli/describeDoctor.ts";
import type { DoctorCheck } from "../../../server/protocol/records.ts";

function check(changes: Partial<DoctorCheck>): DoctorCheck {
  return {
    name: "node",
    title: "Node.js",
    group: "machine",
    status: "ok",
    message: "v20.",
    why: "It is needed.",
    fixes: [],
    durationMs: 1,
    ...changes,
  };
}

describe("what the doctor prints", () => {
  it("is grouped, with what to do about what is not in order, and counts at its end", () => {
    const text = describeDoctor({
      ok: false,
      full: false,
      time: "2026-01-01T00:00:00Z",
      version: "1.0.0",
      platform: "linux-x64",
      checks: [
        check({ name: "side", group: "editor", status: "skipped", title: "Side", message: "No." }),
        check({}),
        check({
          name: "binding",
          group: "model",
          title: "Native library",
          status: "failed",
          code: "BINDING_MISSING",
          message: "It is not there.",
          remedy: "Rebuild.",
          fixes: [
            { action: "rebuild", label: "Rebuild", cli: "starcoder rebuild" },
            { action: "openSettings", label: "Open Settings" },
          ],
        }),
        check({ name: "hung", title: "Hung", status: "timeout", message: "No answer." }),
      ],
    });
    expect(text.split("\n")).toEqual([
      "StarCoder Local 1.0.0 on linux-x64",
      "",
      "Machine",
      "  ok       Node.js         v20.",
      "  TIMEOUT  Hung            No answer.",
      "           why:    It is needed.",
      "",
      "Model",
      "  FAILED   Native library  It is not there. [BINDING_MISSING]",
      "           why:    It is needed.",
      "           remedy: Rebuild.",
      "           fix:    Rebuild: starcoder rebuild",
      "",
      "Editor",
      "  skipped  Side            No.",
      "",
      "4 checks: 1 ok, 0 warnings, 2 failed, 1 skipped",
    ]);
  });

  it("moves no cursor, whatever a model or a server calls itself", () => {
    const text = describeDoctor({
      ...{ ok: true, full: false, time: "2026-01-01T00:00:00Z", version: "1.0.0" },
      ...{ platform: "linux-x64", checks: [check({ message: "It serves \u001b[2Jx." })] },
    });
    expect(text).toContain("It serves \\u001b[2Jx.");
  });
});
