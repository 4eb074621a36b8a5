import { describe, expect, it } from "vitest";
import { unmatchedBrackets } from "../../../server/text/brackets.ts";
import { identifiersIn, wordAfter, wordBefore } from "../../../server/text/identifiers.ts";
import { indentUnit, indentWidth } from "../../../server/text/indentation.ts";
import { isCommentLine, opensBlock } from "../../../server/text/languages.ts";
import {
  currentLine,
  lineBreakOf,
  lineEnd,
  lineStart,
  nextLine,
  previousLine,
  restOfLine,
  windowAfter,
  windowBefore,
} from "../../../server/text/lines.ts";
import { createLineIndex } from "../../../server/text/positions.ts";
import { safeCut, safeOffset, withoutBrokenEnds } from "../../../server/text/safeCut.ts";
import { soundAfter, soundBefore } from "../../../server/text/soundWindow.ts";

describe("lines around a cursor", () => {
  it("are without their line breaks, CRLF too", () => {
    expect(currentLine("a\r\nbc")).toBe("bc");
    expect(restOfLine("de\r\nf")).toBe("de");
    expect(restOfLine("de")).toBe("de");
    expect(previousLine("a\r\n\r\n  b")).toBe("a");
    expect(previousLine("b")).toBeUndefined();
    expect(nextLine("x\r\n\r\n  y\r\nz")).toBe("  y");
    expect(nextLine("x")).toBeUndefined();
  });

  it("have their start and end in the text", () => {
    expect(lineStart("ab\r\ncd", 5)).toBe(4);
    expect(lineStart("ab", 1)).toBe(0);
    expect(lineEnd("ab\r\ncd", 1)).toBe(2);
    expect(lineEnd("ab\r\ncd", 5)).toBe(6);
  });

  it("the document's line break is that of its first line", () => {
    expect(lineBreakOf("a\r\nb\n")).toBe("\r\n");
    expect(lineBreakOf("a\nb\r\n")).toBe("\n");
    expect(lineBreakOf("\n")).toBe("\n");
    expect(lineBreakOf("")).toBe("\n");
  });

  it("windows start and end at lines and keep their bounds", () => {
    expect(windowBefore("a\nb\nc\nd", 2, 100)).toBe("c\nd");
    expect(windowBefore("a\nb", 9, 100)).toBe("a\nb");
    expect(windowBefore("aaaa\nbbbb\ncc", 9, 8)).toBe("bbbb\ncc".slice(-7));
    expect(windowBefore("", 9, 8)).toBe("");
    expect(windowBefore("\n", 9, 8)).toBe("\n");
    expect(windowAfter("a\nb\nc\nd", 2, 100)).toBe("a\nb");
    expect(windowAfter("a\nb", 9, 100)).toBe("a\nb");
    expect(windowAfter("x".repeat(50), 9, 10)).toBe("x".repeat(10));
    expect(windowAfter("", 9, 10)).toBe("");
  });

  it("one endless line costs no more than the window", () => {
    expect(windowBefore("x".repeat(1_000_000), 100, 50)).toHaveLength(50);
  });
});

describe("positions", () => {
  it("convert both ways over every kind of line break", () => {
    const text = "ab\r\ncd\ref\n";
    const index = createLineIndex(text);
    expect(index.lineCount).toBe(4);
    for (const offset of [0, 1, 2, 4, 5, 6, 7, 8, 9, 10]) {
      expect(index.offsetAt(index.positionAt(offset))).toBe(offset);
    }
  });

  it("are clamped to the line and to the text", () => {
    const index = createLineIndex("ab\ncd");
    expect(index.offsetAt({ line: 0, character: 99 })).toBe(2);
    expect(index.offsetAt({ line: 9, character: 0 })).toBe(5);
    expect(index.offsetAt({ line: -1, character: 3 })).toBe(0);
    expect(index.positionAt(99)).toEqual({ line: 1, character: 2 });
  });
});

describe("cutting safely", () => {
  it("splits no surrogate pair, emoji sequence or letter with marks", () => {
    expect(safeCut("a😀b", 2)).toBe("a");
    expect(safeCut("a😀b", 3)).toBe("a😀");
    expect(safeCut("👨‍👩‍👧!", 5)).toBe("");
    expect(safeCut("xe\u0301y", 2)).toBe("x");
    expect(safeOffset("a\r\nb", 2)).toBe(1);
    expect(safeOffset("abc", 99)).toBe(3);
  });

  it("removes halves of pairs at the ends only", () => {
    expect(withoutBrokenEnds("\ude00ab\ud83d")).toBe("ab");
    expect(withoutBrokenEnds("ab\ufffd")).toBe("ab");
    expect(withoutBrokenEnds("😀")).toBe("😀");
  });
});

describe("words", () => {
  it("are identifiers of any script", () => {
    expect(identifiersIn("let größe = $x + 3")).toEqual(["let", "größe", "$x"]);
    expect(identifiersIn("a_1(b)")).toEqual(["a_1", "b"]);
    expect(wordBefore("foo.bär")).toBe("bär");
    expect(wordBefore("foo.")).toBe("");
    expect(wordAfter("ed(x")).toBe("ed");
  });
});

describe("indentation", () => {
  it("counts a tab to the next stop", () => {
    expect(indentWidth(" \tx")).toBe(4);
    expect(indentWidth("  x", 2)).toBe(2);
  });

  it("finds the document's unit", () => {
    expect(indentUnit("a\n  b\n    c\n  d\n")).toBe("  ");
    expect(indentUnit("a\n\tb\n\t\tc\n")).toBe("\t");
    expect(indentUnit("a\nb\n")).toBeUndefined();
  });
});

describe("brackets", () => {
  it("finds those without partner, skipping strings and comments", () => {
    const { unclosed, unopened } = unmatchedBrackets("a) [')', \"]\", // }\n {", "typescript");
    expect(unopened).toEqual([{ character: ")", offset: 1 }]);
    expect(unclosed.map((bracket) => bracket.character)).toEqual(["[", "{"]);
  });

  it("an apostrophe without partner is no string", () =>
    expect(unmatchedBrackets("fn f<'a>(x", "rust").unclosed).toHaveLength(1));
});

describe("lines of a language", () => {
  it("open a block", () => {
    expect(opensBlock("if (a) {", "typescript")).toBe(true);
    expect(opensBlock("const f = () =>", "typescript")).toBe(true);
    expect(opensBlock("const a = { b: 1 };", "typescript")).toBe(false);
    expect(opensBlock("def f():", "python")).toBe(true);
    expect(opensBlock("names.each do |name|", "ruby")).toBe(true);
    expect(opensBlock("  if a; then", "shellscript")).toBe(true);
    expect(opensBlock(`${"case ".repeat(200_000)}{`, "typescript")).toBe(true);
  });

  it("are comments", () => {
    expect(isCommentLine("  // a", "go")).toBe(true);
    expect(isCommentLine('"""Does."""', "python")).toBe(true);
    expect(isCommentLine("#include <a>", "cpp")).toBe(false);
    expect(isCommentLine("a = 1", "python")).toBe(false);
  });
});

describe("windows for a parser", () => {
  const code = [
    ...["    inner();", "  }", "}", "", "function f() {", "  if (a) {", "    b();", "    c();"],
    ...["    d();", "    e();"],
  ];
  const text = `x();\n${code.join("\n")}`;

  it("start at an outermost line that closes nothing", () =>
    expect(soundBefore(text, 10, 500)).toBe(code.slice(4).join("\n")));

  it("are the whole text where it fits", () => expect(soundBefore(text, 80, 500)).toBe(text));

  it("end after an outermost line and keep the rest of the cursor's", () => {
    const after = ");\n  more();\n}\n\nfunction g() {\n  if (d) {\n    e();\n  }\n}\n";
    expect(soundAfter(after, 7, 500)).toBe(");\n  more();\n}\n\nfunction g() {");
    expect(soundAfter(after, 80, 500)).toBe(after);
    expect(soundAfter("rest", 1, 2)).toBe("re");
  });
});
