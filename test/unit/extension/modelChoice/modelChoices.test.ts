import { describe, expect, it } from "vitest";
import { choicesOf, type ModelChoice } from "../../../../extension/modelChoice/modelChoices.ts";
import type { ModelList } from "../../../../server/protocol/models.ts";
import { bundled, download, entry, list, offered, restrictedLicence, stored } from "./samples.ts";

/** Sections in capitals, rows by their name. */
function rows(models: ModelList): string[] {
  return choicesOf(models).map((choice) =>
    choice.kind === "section" ? `— ${choice.label}` : choice.label,
  );
}

function rowNamed(models: ModelList, label: string): Exclude<ModelChoice, { kind: "section" }> {
  const found = choicesOf(models).find((choice) => choice.label === label);
  if (found === undefined || found.kind === "section") throw new Error(`no row ${label}`);
  return found;
}

const additions = [
  "— Add another",
  "A file on this machine…",
  "A repository of the Hugging Face Hub…",
  "An address…",
];

describe("the list of models to choose from", () => {
  it("shows what is on the machine while the rest is not known yet", () => {
    const known = list({ models: [stored("other"), bundled] });
    expect(rows(known)).toEqual(["— On this machine", "StarCoder Tiny", "OTHER", ...additions]);
  });

  it("recommends first, and puts what is slow or does not fit at the end", () => {
    const whole = list({
      offered: [
        offered("large", "tooLarge"),
        offered("best", "fits"),
        offered("slow", "slow"),
        offered("good", "fits"),
        offered("weak", "fits", { entry: entry("weak", { recommended: false, notes: ["No."] }) }),
        offered("starcoder-tiny", "fits", { stored: true }),
      ],
      recommendation: { id: "best", reason: "It fits in memory." },
    });
    expect(rows(whole)).toEqual([
      "— Recommended here",
      "BEST",
      "— On this machine",
      "StarCoder Tiny",
      "— Can be downloaded",
      "GOOD",
      "WEAK",
      "SLOW",
      "LARGE",
      ...additions,
    ]);
  });

  it("says why a model is recommended, how fast it is and under which licence", () => {
    const best = offered("best", "fits", { entry: entry("best", { licence: restrictedLicence }) });
    const recommendation = {
      id: "best",
      reason: "BEST (Q4_K_M, 1.9 GB) is the best of those that fit. Much more is said.",
    };
    const row = rowNamed(list({ offered: [best], recommendation }), "BEST");
    expect(row.icon).toBe("star-full");
    expect(row.description).toBe("1.9 GB · Q4_K_M · BigCode OpenRAIL-M v1 (restricts some uses)");
    expect(row.detail).toBe("The best of those that fit · about 25 tokens a second");
  });

  it("shows a recommended model once when it is on the machine already", () => {
    const models = list({
      models: [bundled, stored("best")],
      offered: [offered("best", "fits", { stored: true })],
      recommendation: { id: "best", reason: "It fits." },
    });
    expect(rows(models).filter((label) => label === "BEST")).toHaveLength(1);
    expect(rowNamed(models, "BEST")).toMatchObject({ kind: "stored", detail: "It fits" });
  });

  it("keeps a recommended model in its place when the list does not say what can be had", () => {
    const models = list({ recommendation: { id: "best", reason: "It fits." } });
    expect(rows(models)).toEqual(["— On this machine", "StarCoder Tiny", ...additions]);
  });

  it("says of what does not fit why not, and still lets it be chosen", () => {
    const row = rowNamed(list({ offered: [offered("large", "tooLarge")] }), "LARGE");
    expect(row).toMatchObject({ kind: "offered", icon: "circle-slash" });
    expect(row.description).toContain("too large for this machine");
    expect(row.detail).toContain("It needs 12.1 GB");
  });

  it("says how an unfinished download stands in place of the verdict", () => {
    const paused = offered("half", "fits", { download: download("paused") });
    const row = rowNamed(list({ offered: [paused] }), "HALF");
    expect(row.description).toContain("paused at 812 MB of 1.9 GB");
    expect(row.description).not.toContain("fits");
  });

  it("names the tool that downloaded a model, and the code of one that cannot be used", () => {
    const error = { code: "MODEL_INVALID", message: "No GGUF.", remedy: "", retryable: false };
    const models = list({
      models: [
        stored("found", { source: "found", tool: "LM Studio" }),
        stored("broken", { error: { ...error, code: "MODEL_INVALID" } }),
      ],
    });
    expect(rowNamed(models, "FOUND").description).toContain("from LM Studio");
    expect(rowNamed(models, "BROKEN")).toMatchObject({
      icon: "warning",
      detail: "No GGUF. (MODEL_INVALID)",
    });
  });

  it("offers to remove what is the user's and not in use, and nothing else", () => {
    const removable = (models: ModelList, label: string): boolean => {
      const row = rowNamed(models, label);
      return row.kind !== "add" && row.buttons.some(({ kind }) => kind === "remove");
    };
    const models = list({
      models: [
        bundled,
        stored("mine"),
        stored("used", { active: true }),
        stored("found", { source: "found", tool: "Ollama" }),
      ],
      offered: [offered("shipped", "fits"), offered("typed", undefined, { added: true })],
    });
    expect(removable(models, "MINE")).toBe(true);
    expect(removable(models, "USED")).toBe(false);
    expect(removable(models, "FOUND")).toBe(false);
    expect(removable(models, "StarCoder Tiny")).toBe(false);
    expect(removable(models, "SHIPPED")).toBe(false);
    expect(removable(models, "TYPED")).toBe(true);
  });
});
