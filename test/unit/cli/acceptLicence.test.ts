import { describe, expect, it } from "vitest";
import {
  obtainAcceptance,
  type LicenceQuestion,
} from "../../../server/cli/models/acceptLicence.ts";
import type { Licence } from "../../../server/protocol/models.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

const strict: Licence = {
  id: "some-rail",
  name: "Some RAIL",
  url: "https://example.org/licence",
  restrictions: ["Do no harm."],
};

function set(licence: Licence | undefined, changes: Partial<LicenceQuestion> = {}) {
  const notes: string[] = [];
  const question: LicenceQuestion = {
    homePath: temporaryFolder(),
    entry: { id: "a", name: "Model A", ...(licence === undefined ? {} : { licence }) },
    accepted: false,
    note: (line) => notes.push(line),
    ask: undefined,
    ...changes,
  };
  return { question, notes };
}

describe("the licence of a model", () => {
  it("with terms is refused where nobody can be asked, with its terms", async () => {
    const { question, notes } = set(strict);
    await expect(obtainAcceptance(question)).rejects.toMatchObject({
      code: "LICENCE_NOT_ACCEPTED",
      message: expect.stringContaining("Do no harm.") as string,
    });
    expect(notes.join("\n")).toContain("https://example.org/licence");
  });

  it.each(["", "n", "no", "maybe", "yesterday"])("is refused by the answer %j", async (answer) => {
    const { question } = set(strict, { ask: () => Promise.resolve(answer) });
    await expect(obtainAcceptance(question)).rejects.toMatchObject({
      code: "LICENCE_NOT_ACCEPTED",
    });
  });

  it.each(["y", "Yes", " yes "])("is accepted by the answer %j, once for all", async (answer) => {
    const { question, notes } = set(strict, { ask: () => Promise.resolve(answer) });
    await obtainAcceptance(question);
    notes.length = 0;
    await obtainAcceptance({ ...question, ask: undefined });
    expect(notes).toEqual([]);
  });

  it("is accepted by the flag, for this model alone", async () => {
    const { question } = set(strict, { accepted: true });
    await obtainAcceptance(question);
    const other = { ...question, accepted: false, entry: { ...question.entry, id: "b" } };
    await expect(obtainAcceptance(other)).rejects.toMatchObject({ code: "LICENCE_NOT_ACCEPTED" });
  });

  it("without terms is shown and not asked", async () => {
    const { question, notes } = set({ ...strict, restrictions: [] });
    await obtainAcceptance(question);
    expect(notes).toEqual(["Licence: Some RAIL (some-rail), https://example.org/licence"]);
  });

  it("that is not known is said to be so", async () => {
    const { question, notes } = set(undefined);
    await obtainAcceptance(question);
    expect(notes.join()).toContain("not known");
  });
});
