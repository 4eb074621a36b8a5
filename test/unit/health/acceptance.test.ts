import { describe, expect, it } from "vitest";
import { createAcceptance } from "../../../server/health/stats/acceptance.ts";
import type { TextEdit } from "../../../server/health/stats/edits.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { cursorIn } from "../../support/cursorIn.ts";

const uri = "file:///a.ts";

/** A document with a cursor (`|`), in which things are suggested and edited. */
function editing(marked: string) {
  const clock = createManualClock();
  const seen: string[] = [];
  const judged: string[] = [];
  let characters = 0;
  const acceptance = createAcceptance({
    clock,
    onAccepted: (how) => seen.push(how),
    onCharacters: (count) => (characters += count),
    onJudged: (after, kept) => judged.push(`${after}: ${kept ? "kept" : "gone"}`),
  });
  let { text } = cursorIn(marked);
  const { offset } = cursorIn(marked);
  let version = 1;
  const edit = (...edits: TextEdit[]) => {
    for (const { start, removed = "", inserted } of edits) {
      expect(text.slice(start, start + removed.length)).toBe(removed);
      text = text.slice(0, start) + inserted + text.slice(start + removed.length);
    }
    version += 1;
    acceptance.edited({ uri, from: version - 1, to: version, edits });
  };
  const insert = (start: number, inserted: string) => edit({ start, removed: "", inserted });
  return {
    clock,
    acceptance,
    seen,
    judged,
    offset,
    edit,
    insert,
    show(suggested: string, at: { cursor?: number; start?: number; end?: number } = {}) {
      const { cursor = offset, start = cursor, end = cursor } = at;
      const replaced = text.slice(start, end);
      acceptance.shown({ uri, version, start, cursor, text: suggested, replaced });
    },
    type(start: number, typed: string) {
      for (let at = 0; at < typed.length; at++) insert(start + at, typed.charAt(at));
    },
    remove: (start: number, length: number) =>
      edit({ start, removed: text.slice(start, start + length), inserted: "" }),
    get text() {
      return text;
    },
    get characters() {
      return characters;
    },
  };
}

describe("acceptance, inferred from edits", () => {
  it("sees the whole suggestion inserted at once", () => {
    const document = editing("const a = |\n");
    document.show("b + c;");
    document.insert(document.offset, "b + c;");
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(6);
  });

  it("takes the same characters typed one by one for typing", () => {
    const document = editing("const a = |\n");
    document.show("b + c;");
    document.type(document.offset, "b + c;");
    expect(document.seen).toEqual([]);
    expect(document.characters).toBe(0);
  });

  it("sees the rest accepted after its beginning was typed, and counts only the rest as saved", () => {
    const document = editing("const a = |\n");
    document.show("value + 1;");
    document.type(document.offset, "val");
    document.insert(document.offset + 3, "ue + 1;");
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(7);
  });

  it("sees it when the editor replaces what was typed by the whole text", () => {
    const document = editing("const a = |\n");
    document.show("value + 1;");
    document.type(document.offset, "val");
    document.edit({ start: document.offset, removed: "val", inserted: "value + 1;" });
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(7);
  });

  it.each([
    ["replaced, as the range says", { start: 4, removed: ")", inserted: "a, b)" }],
    ["left where it is, with the same result", { start: 4, removed: "", inserted: "a, b" }],
    [
      "part of a whole line that is replaced",
      { start: 0, removed: "add()", inserted: "add(a, b)" },
    ],
  ])("sees a suggestion accepted whose closing bracket is %s", (_, edit) => {
    const document = editing("add(|)\n");
    document.show("a, b)", { end: document.offset + 1 });
    document.edit(edit);
    expect(document.text).toBe("add(a, b)\n");
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(4);
  });

  it("sees a suggestion accepted that repeats the word before the cursor", () => {
    const document = editing("items.le|\n");
    document.show("length - 1", { start: document.offset - 2 });
    document.edit({ start: 6, removed: "le", inserted: "length - 1" });
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(8);
  });

  it("counts parts of one suggestion once, and adds their characters up", () => {
    const document = editing("x = |\n");
    document.show("one two three");
    document.insert(4, "one ");
    // The editor asks anew after each part and is told the rest.
    document.show("two three", { cursor: 8 });
    document.insert(8, "two ");
    document.insert(12, "three");
    expect(document.seen).toEqual(["part"]);
    expect(document.characters).toBe(13);
  });

  it("counts the first lines of a block as a part", () => {
    const document = editing("def f():|\n");
    document.show("\n    a = 1\n    return a");
    document.insert(document.offset, "\n    a = 1");
    expect(document.seen).toEqual(["part"]);
  });

  it("compares across line breaks: the editor writes CRLF where the model wrote LF", () => {
    const document = editing("if x {|\r\n}\r\n");
    document.show("\n  a\n  b");
    document.insert(document.offset, "\r\n  a\r\n  b");
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(8);
  });

  it("counts a suggestion once that is accepted at several cursors", () => {
    const document = editing("a = |\nb = \n");
    document.show("1 + 2");
    document.edit(
      { start: 10, removed: "", inserted: "1 + 2" },
      { start: 4, removed: "", inserted: "1 + 2" },
    );
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(5);
  });

  it.each([
    ["another text", 4, "2 + 1"],
    ["the text at another place", 0, "1 + 2"],
  ])("does not take %s for it", (_, start, inserted) => {
    const document = editing("a = |\nb\n");
    document.show("1 + 2");
    document.insert(start, inserted);
    expect(document.seen).toEqual([]);
  });

  it.each([
    ["a line break with its indentation", "\n    return a", "\n    "],
    ["a pair of brackets", "() => 1", "()"],
    ["a pair of quotes", '""', '""'],
  ])("does not take %s that the editor inserts while one types for it", (_, text, inserted) => {
    const document = editing("x |\n");
    document.show(text);
    document.insert(document.offset, inserted);
    expect(document.seen).toEqual([]);
  });

  it("follows a suggestion that edits above have moved", () => {
    const document = editing("a\nb = |\n");
    document.show("1 + 2");
    document.insert(0, "// above\n");
    document.insert(document.offset + 9, "1 + 2");
    expect(document.seen).toEqual(["whole"]);
  });

  it("forgets a suggestion from which the text departs", () => {
    const document = editing("a = |\n");
    document.show("1 + 2");
    document.type(4, "7");
    document.remove(4, 1);
    document.insert(4, "1 + 2");
    expect(document.seen).toEqual([]);
  });

  it("forgets a suggestion after two minutes", () => {
    const document = editing("a = |\n");
    document.show("1 + 2");
    document.clock.advance(120_001);
    document.show("something else");
    document.insert(4, "1 + 2");
    expect(document.seen).toEqual([]);
  });

  it("catches up when it learns of a suggestion only after the edit that accepted it", () => {
    const document = editing("a = |\n");
    document.insert(0, "x");
    const late = { uri, version: 2, start: 5, cursor: 5, text: "1 + 2", replaced: "" };
    document.insert(5, "1 + 2");
    document.acceptance.shown(late);
    expect(document.seen).toEqual(["whole"]);
    document.clock.advance(30_000);
    expect(document.judged).toEqual(["30s: kept"]);
  });
});

describe("accepted text, looked at again", () => {
  /** `const a = b + c;` of which `b + c;` was accepted. */
  function accepted() {
    const document = editing("const a = |\n");
    document.show("b + c;");
    document.insert(10, "b + c;");
    return document;
  }

  it("is kept after 30 s and 5 min where nothing touched it", () => {
    const document = accepted();
    document.clock.advance(29_999);
    expect(document.judged).toEqual([]);
    document.clock.advance(1);
    expect(document.judged).toEqual(["30s: kept"]);
    document.clock.advance(270_000);
    expect(document.judged).toEqual(["30s: kept", "5min: kept"]);
  });

  it("is found where edits before it have moved it", () => {
    const document = accepted();
    document.insert(0, "import x;\n");
    document.remove(0, 5);
    document.clock.advance(30_000);
    expect(document.judged).toEqual(["30s: kept"]);
  });

  it("is not kept when it is undone right away, and done again is not accepted twice", () => {
    const document = accepted();
    document.remove(10, 6);
    document.clock.advance(30_000);
    expect(document.judged).toEqual(["30s: gone"]);
    document.insert(10, "b + c;");
    expect(document.seen).toEqual(["whole"]);
    expect(document.characters).toBe(6);
    document.clock.advance(270_000);
    expect(document.judged).toEqual(["30s: gone", "5min: kept"]);
  });

  it.each([
    [2, "kept"],
    [3, "gone"],
  ])("with %i of its 10 characters replaced is %s", (replaced, verdict) => {
    const document = editing("x = |\n");
    document.show("0123456789");
    document.insert(4, "0123456789");
    const removed = document.text.slice(6, 6 + replaced);
    document.edit({ start: 6, removed, inserted: "abc" });
    document.clock.advance(30_000);
    expect(document.judged).toEqual([`30s: ${verdict}`]);
  });

  it("is kept when something is inserted into it", () => {
    const document = accepted();
    document.insert(12, "/* much longer than what was accepted */");
    document.clock.advance(30_000);
    expect(document.judged).toEqual(["30s: kept"]);
  });

  it("is judged at each time for itself", () => {
    const document = accepted();
    document.clock.advance(60_000);
    document.remove(0, 17);
    document.clock.advance(240_000);
    expect(document.judged).toEqual(["30s: kept", "5min: gone"]);
  });

  it("is not judged when the document was closed before", () => {
    const document = accepted();
    document.clock.advance(30_000);
    document.acceptance.closed(uri);
    document.clock.advance(300_000);
    expect(document.judged).toEqual(["30s: kept"]);
  });

  it("is not judged when an edit was too large to be followed", () => {
    const document = accepted();
    document.insert(0, "x".repeat(200_000));
    document.clock.advance(300_000);
    expect(document.judged).toEqual([]);
  });
});
