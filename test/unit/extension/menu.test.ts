import { describe, expect, it } from "vitest";
import { menuOf, type MenuInput } from "../../../extension/menu.ts";
import { viewStatus } from "../../../extension/statusView.ts";
import { defaultSettings } from "../../../server/protocol/settings.ts";
import { input, status } from "./samples.ts";

function menuInput(change: Partial<MenuInput> = {}): MenuInput {
  return {
    status: viewStatus(input()),
    settings: defaultSettings,
    languageId: "python",
    snoozeMinutes: 0,
    model: "starcoder-tiny, the bundled starter",
    starter: true,
    downloads: 0,
    gpuProblem: undefined,
    review: "Score 9.1 of 10: 1 finding.",
    ...change,
  };
}

function menu(change: Partial<MenuInput> = {}): string[] {
  return menuOf(menuInput(change)).map(
    (entry) => `${entry.kind === "separator" ? "— " : ""}${entry.label}`,
  );
}

describe("the status menu", () => {
  it("offers everything when all is well", () => {
    expect(menu()).toEqual([
      "— Suggestions",
      "Trigger a suggestion",
      "Turn suggestions off for python",
      "Snooze suggestions…",
      "Turn suggestions off",
      "— Review",
      "Review this file",
      "Show low-confidence findings",
      "Stop reviewing on save",
      "— Model",
      "Choose model…",
      "Manage models…",
      "— Service",
      "Why no suggestion here?",
      "Check health",
      "Diagnose",
      "Show logs",
      "Restart the service",
      "Report an issue",
      "Open settings",
    ]);
  });

  it("puts the remedies on top when something is wrong", () => {
    const broken = viewStatus(input({ status: status("error", { code: "HOST_DIED" }) }));
    expect(menu({ status: broken }).slice(0, 2)).toEqual(["— Service", "Restart the service"]);
  });

  it("offers only to turn suggestions on while they are off", () => {
    const rows = menu({ settings: { ...defaultSettings, enabled: false } });
    expect(rows.slice(1, 3)).toEqual(["Turn suggestions on", "— Review"]);
  });

  it("offers to turn a language on again, and not to trigger there", () => {
    const rows = menu({ settings: { ...defaultSettings, languages: { python: false } } });
    expect(rows).toContain("Turn suggestions on for python");
    expect(rows).not.toContain("Trigger a suggestion");
  });

  it("offers to end a pause", () => {
    expect(menu({ snoozeMinutes: 7 })).toContain("End or change the pause");
  });

  it("offers no review while reviews are off, only to turn them on", () => {
    const rows = menu({ settings: { ...defaultSettings, "review.mode": "off" } });
    expect(rows).toContain("Review on save");
    expect(rows).not.toContain("Review this file");
  });

  it("offers the way back when another model is in use", () => {
    expect(menu({ starter: false })).toContain("Use the bundled model");
    expect(menu()).not.toContain("Use the bundled model");
  });

  it("names the model in use where another can be chosen", () => {
    const entries = menuOf(menuInput({ model: "StarCoder2 3B" }));
    expect(entries).toContainEqual(
      expect.objectContaining({ label: "Choose model…", description: "now StarCoder2 3B" }),
    );
  });

  it("leads to the downloads while one runs", () => {
    expect(menu({ downloads: 1 })).toContain("Downloads");
    expect(menu()).not.toContain("Downloads");
  });

  it("offers support for a GPU that is there and not used, and says why it is not", () => {
    const gpuProblem = "The library for CUDA is not installed.";
    const entries = menuOf(menuInput({ gpuProblem }));
    expect(entries).toContainEqual(
      expect.objectContaining({ label: "Install GPU support…", description: gpuProblem }),
    );
    expect(menu()).not.toContain("Install GPU support…");
  });
});
