import { describe, expect, it } from "vitest";
import { licenceQuestionOf } from "../../../../extension/modelChoice/licenceQuestion.ts";
import type { CatalogueEntry } from "../../../../server/protocol/models.ts";
import { entry, offered, restrictedLicence } from "./samples.ts";

const restricted = offered("big", "fits", {
  entry: entry("big", { licence: restrictedLicence, notes: ["Knows 17 languages."] }),
});

describe("the question before a download", () => {
  it("names size, terms and place, and asks to accept what restricts", () => {
    const question = licenceQuestionOf(restricted);
    expect(question.title).toBe("Download BIG (Q4_K_M, 1.9 GB)?");
    expect(question.detail.split("\n")).toEqual([
      "Licence: BigCode OpenRAIL-M v1. Who uses the model agrees to these terms:",
      "• Do not break any law with it.",
      "• Do not impersonate others.",
      "",
      "Knows 17 languages.",
      "",
      "It comes from the Hugging Face Hub: someone/big-GGUF.",
    ]);
    expect(question).toMatchObject({
      accept: "Accept and Download",
      licenceUrl: "https://example.org/openrail",
      force: false,
    });
  });

  it("has nothing to accept in a licence without restrictions", () => {
    expect(licenceQuestionOf(offered("free", "fits")).accept).toBe("Download");
  });

  it("says first that a model does not fit, and downloads it only as such", () => {
    const question = licenceQuestionOf({ ...restricted, ...offered("x", "tooLarge") });
    expect(question.detail).toMatch(/^It needs 12\.1 GB, and 8\.0 GB are there\./);
    expect(question.accept).toBe("Download Anyway");
    expect(question.force).toBe(true);
  });

  it("does not pretend to know the licence of what a user added", () => {
    const added: CatalogueEntry = {
      ...entry("own", { source: { kind: "url", url: "https://models.example.org/a.gguf" } }),
    };
    delete (added as { licence?: unknown }).licence;
    const question = licenceQuestionOf({ entry: added, stored: false });
    expect(question.title).toBe("Download OWN?");
    expect(question.detail).toContain("Its licence is not known here.");
    expect(question.detail).toContain("It comes from models.example.org.");
    expect(question.licenceUrl).toBeUndefined();
  });
});
