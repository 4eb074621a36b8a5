import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { above, below, fixture, typed } from "./support/fixture.ts";
import { keys, type Session, skipReason, startSession } from "./support/session.ts";
import { until } from "./support/until.ts";

describe.skipIf(skipReason() !== undefined)("ghost text in the editor", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession();
    await session.workbench.waitForStatus(/^\s*StarCoder\s*$/, "star-full");
  });
  afterAll(() => session.stop());
  afterEach(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    await session.workbench.screenshot(`failed ${task.name}`);
  });

  /** Opens the fixture under a new name, types, and returns the ghost text that appears. */
  async function suggest(name: string): Promise<string> {
    const { workbench } = session;
    await workbench.openFile(name, fixture);
    return workbench.typeUntilGhostText(typed);
  }

  it("appears while typing and changes nothing in the file", async () => {
    const { workbench } = session;
    const suggestion = await suggest("appears.js");
    await workbench.screenshot("ghost text while typing");
    expect(suggestion).toMatch(/\S/);
    expect(await workbench.savedText()).toBe(above + typed + below);
  });

  it("is inserted whole by Tab", async () => {
    const { workbench } = session;
    const suggestion = await suggest("tab.js");
    await workbench.press("Tab");
    await until(
      "the text to be inserted",
      async () => (await workbench.ghostText()) !== suggestion,
    );
    await workbench.screenshot("accepted by Tab");
    expect(await workbench.savedText()).toBe(above + typed + suggestion + below);
  });

  it("is inserted word by word", async () => {
    const { workbench } = session;
    const suggestion = await suggest("word.js");
    await workbench.press(keys.acceptWord);
    const rest = await workbench.waitForGhostText((text) => text !== suggestion);
    await workbench.screenshot("accepted one word");
    const word = suggestion.slice(0, suggestion.length - rest.length);
    expect(word).toMatch(/^\W*\w+\W*$/);
    expect(word + rest).toBe(suggestion);
    expect(await workbench.savedText()).toBe(above + typed + word + below);
  });

  it("is inserted line by line", async () => {
    const { workbench } = session;
    const suggestion = await suggest("line.js");
    await workbench.press(keys.acceptLine);
    await until(
      "the line to be inserted",
      async () => (await workbench.ghostText()) !== suggestion,
    );
    const [line] = suggestion.split("\n");
    expect(await workbench.savedText()).toContain(`${above}${typed}${line ?? ""}\n`);
  });

  it("stays while its own text is typed", async () => {
    const { workbench } = session;
    const suggestion = await suggest("through.js");
    for (let length = 1; length <= 4; length++) {
      await workbench.type(suggestion.charAt(length - 1));
      const rest = await workbench.waitForGhostText(
        (text) => text !== suggestion.slice(length - 1),
      );
      expect(rest).toBe(suggestion.slice(length));
    }
    await workbench.screenshot("typed through");
    expect(await workbench.savedText()).toBe(above + typed + suggestion.slice(0, 4) + below);
  });

  it("goes away on Escape and leaves what was typed", async () => {
    const { workbench } = session;
    await suggest("escape.js");
    await workbench.press("Escape");
    await workbench.waitForNoGhostText();
    expect(await workbench.savedText()).toBe(above + typed + below);
  });

  it("leaves typing with two cursors alone", async () => {
    const { workbench } = session;
    await workbench.openFile("cursors.js", `${above}|\n${below}`);
    await workbench.press(keys.cursorBelow);
    await workbench.type(typed);
    expect(await workbench.savedText()).toBe(`${above}${typed}\n${typed}${below}`);
    await workbench.screenshot("two cursors");
    await workbench.press("Escape", "Escape");
    expect(await suggest("afterCursors.js")).toMatch(/\S/);
  });
});
