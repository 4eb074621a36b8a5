import { describe, expect, it } from "vitest";
import { modelSteps, walkthroughContributions } from "../../../scripts/generate/walkthrough.ts";
import { catalogueEntrySchema } from "../../../server/protocol/models.ts";

const licences = {
  strict: { id: "strict", name: "Strict", url: "https://example.org/a", restrictions: ["No."] },
  free: { id: "free", name: "Free", url: "https://example.org/b", restrictions: [] },
};

function stepsOf(entry: { licence: string; recommended?: boolean }) {
  const parsed = catalogueEntrySchema.omit({ licence: true }).parse({
    id: "some-model",
    name: "Some Model",
    source: { kind: "hub", repository: "a/b", file: "*.gguf" },
    quantizations: [{ name: "Q4_K_M", sizeBytes: 1.9e9 }],
    ...(entry.recommended === undefined ? {} : { recommended: entry.recommended }),
  });
  return modelSteps({ licences, entries: [{ ...parsed, licence: entry.licence }] });
}

describe("the walkthrough's steps for models", () => {
  it("say size and licence, and show only the one that suits the machine", () => {
    const [step, fallback] = stepsOf({ licence: "strict" });
    expect(step).toMatchObject({
      id: "model-some-model",
      when: "starcoder.recommended == 'some-model'",
    });
    expect(step?.description).toContain("Download: 1.9 GB.");
    expect(step?.description).toContain("Licence: Strict, which restricts some uses.");
    expect(step?.description).toContain(
      "command:starcoder.chooseModel?%7B%22id%22%3A%22some-model%22%7D",
    );
    expect(fallback).toMatchObject({ id: "model", when: "!starcoder.recommended" });
  });

  it("say nothing of restrictions where there are none", () => {
    expect(stepsOf({ licence: "free" })[0]?.description).toContain("Licence: Free.");
  });

  it("are none for what is never recommended", () => {
    expect(stepsOf({ licence: "free", recommended: false }).map(({ id }) => id)).toEqual(["model"]);
  });

  it("stand after what it is and privacy, and before trying it", () => {
    const [walkthrough] = walkthroughContributions().walkthroughs;
    const ids = walkthrough?.steps.map(({ id }) => id.replace(/^model-.*/, "model-…"));
    expect([...new Set(ids)]).toEqual([
      ...["what", "privacy", "model-…", "model"],
      ...["suggestions", "review", "troubleshooting"],
    ]);
  });
});
