import { describe, expect, it } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import {
  positionNear,
  toCursor,
  toInlineCompletionItem,
  toTrigger,
  toWorkspacePath,
} from "../../../server/lsp/convert.ts";
import { cursorIn } from "../../support/cursorIn.ts";

const at = (line: number, character: number) => ({ line, character });

/** Where a position lands, shown as `|` in the text. */
function landing(text: string, line: number, character: number): [string, object] {
  const document = TextDocument.create("file:///a", "typescript", 1, text);
  const cursor = toCursor(
    text,
    { lineCount: document.lineCount, offsetAt: (position) => document.offsetAt(position) },
    at(line, character),
  );
  return [`${text.slice(0, cursor.offset)}|${text.slice(cursor.offset)}`, cursor.position];
}

describe("a position", () => {
  it.each([
    ["ab\ncd", 1, 1, "ab\nc|d", at(1, 1)],
    ["ab\ncd", 0, 99, "ab|\ncd", at(0, 2)],
    ["ab\r\ncd", 0, 99, "ab|\r\ncd", at(0, 2)],
    ["ab\ncd", 99, 0, "ab\ncd|", at(1, 2)],
    ["ab\n", 1, 0, "ab\n|", at(1, 0)],
    ["ab\n", 99, 5, "ab\n|", at(1, 0)],
    ["", 3, 3, "|", at(0, 0)],
    ["a😀b", 0, 2, "a|😀b", at(0, 1)],
    ["a😀b", 0, 3, "a😀|b", at(0, 3)],
  ])(
    "in %j at %d:%d lands where text can be inserted",
    (text, line, character, shown, position) => {
      expect(landing(text, line, character)).toEqual([shown, position]);
    },
  );
});

describe("the position of an offset near the cursor", () => {
  it.each(["one\ntwo|three\nfour", "one\r\ntwo|\r\n\r\nfour", "|", "a\n|\nb", "a\rb|\rc"])(
    "agrees with counting from the start, for every offset of %j",
    (marked) => {
      const { text, offset } = cursorIn(marked);
      const document = TextDocument.create("file:///a", "typescript", 1, text);
      const cursor = { text, offset, position: document.positionAt(offset) };
      for (let other = 0; other <= text.length; other += 1) {
        // Between CR and LF there is no position.
        if (text.slice(other - 1, other + 1) === "\r\n") continue;
        expect(positionNear(cursor, other), String(other)).toEqual(document.positionAt(other));
      }
    },
  );
});

describe("a suggestion", () => {
  const suggestion = { text: "length", probability: 1, source: "model" } as const;

  it("is an item with the range it replaces", () => {
    const { text, offset } = cursorIn("a\nitems.le|;\n");
    const cursor = { text, offset, position: at(1, 8) };
    expect(
      toInlineCompletionItem({ ...suggestion, start: offset - 2, end: offset + 1 }, cursor),
    ).toEqual({ insertText: "length", range: { start: at(1, 6), end: at(1, 9) } });
  });
});

describe("a trigger kind", () => {
  it.each([
    [1, "invoked"],
    [2, "automatic"],
    [0, "automatic"],
  ] as const)("of %d is %s", (kind, expected) => {
    expect(toTrigger(kind as 1 | 2)).toBe(expected);
  });
});

describe("the path shown to the model", () => {
  it.each([
    ["file:///home/me/project/src/a.ts", "src/a.ts"],
    ["file:///home/me/project-two/src/a.ts", "a.ts"],
    ["file:///home/me/my%20project/b%20c.ts", "b c.ts"],
    ["file:///c%3A/work/a.ts", "a.ts"],
    ["untitled:Untitled-1", "Untitled-1"],
    ["vscode-vfs://github/owner/repository/a.ts", "a.ts"],
    ["git:/home/me/project/src/a.ts?ref", "a.ts"],
    ["untitled:", "untitled"],
  ])("of %s is %s", (uri, expected) => {
    const folders = ["file:///home/me/project", "file:///home/me/my%20project/"];
    expect(toWorkspacePath(uri, folders)).toBe(expected);
  });
});
