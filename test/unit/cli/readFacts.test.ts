import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { readFacts } from "../../../server/cli/readFacts.ts";
import type { EditorFacts } from "../../../server/protocol/editorFacts.ts";

const facts: EditorFacts = {
  editor: { name: "Editor", version: "1.2.3" },
  extensionVersion: "0.1.0",
  side: "local",
  trusted: true,
  inlineSuggestEnabled: true,
  quickSuggestions: "on",
  completionExtensions: [],
  settings: { "log.level": "debug" },
  server: { state: "running" },
};

describe("what the editor hands to a command", () => {
  it("is read from standard input, however it is cut up", async () => {
    const pieces = JSON.stringify(facts).match(/[^]{1,7}/g) ?? [];
    expect(await readFacts("-", Readable.from(pieces))).toEqual(facts);
  });

  it("is read from a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "starcoder-facts-"));
    writeFileSync(join(folder, "facts.json"), JSON.stringify(facts));
    expect(await readFacts(join(folder, "facts.json"))).toEqual(facts);
    rmSync(folder, { recursive: true });
  });

  it("is not asked for without the option", async () => {
    expect(await readFacts(undefined)).toBeUndefined();
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no facts", "[]"],
    ["facts of a wrong type", JSON.stringify({ ...facts, trusted: "yes" })],
  ])("is refused with VALIDATION_ERROR when it is %s", async (_what, text) => {
    await expect(readFacts("-", Readable.from([text]))).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
  });

  it("is refused when it does not end", async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield "x".repeat(100_000);
      })(),
    );
    await expect(readFacts("-", endless)).rejects.toThrow("too long");
  });

  it("is refused when there is no such file", async () => {
    await expect(readFacts("/no/such/file")).rejects.toMatchObject({ code: "VALIDATION_ERROR" });
  });
});
