import { describe, expect, it } from "vitest";
import { windowEnd, windowStart } from "../../../server/review/windowStart.ts";

/** `|` marks the start that is expected; reading may begin at `[` and must by `]`. */
function check(marked: string): void {
  const text = marked.replace(/[|[\]]/g, "");
  const at = (mark: string): number =>
    marked.slice(0, marked.indexOf(mark)).replace(/[|[\]]/g, "").length;
  expect(windowStart(text, at("["), at("]"))).toBe(at("|"));
}

describe("where a part of a long text is read from", () => {
  it("is the start of the text where that is near enough", () => {
    expect(windowStart("a\nb\n", -10, 2)).toBe(0);
    expect(windowStart("a\nb\n", 0, 2)).toBe(0);
  });

  it("is a declaration at the margin, not the middle of a statement or a string", () => {
    check(
      "let a = 1;\n[  b;\nsome prose\n|export function f() {\n  a;\n  b;\n  c;\n  d;\n  e;\n]}\n",
    );
  });

  it("is a definition inside of a class where the margin is far", () => {
    check('class A:\n[    """Prose.\nMore."""\n|    def f(self):\n        pass\n\n]    x = 1\n');
  });

  it("is the first line where nothing is declared", () => {
    check("a\nb[\n|c\nd\n]e\n");
  });

  it("is where the lines are that are asked about where no line begins before", () => {
    expect(windowStart(`${"x".repeat(50)}\ny\n`, 10, 20)).toBe(20);
  });
});

describe("where a part of a long text ends", () => {
  const text = 'def f():\n    pass\n\ndef g():\n    """Prose.\n    More."""\n';
  it("is before the last definition that begins in the room there is", () => {
    expect(windowEnd(text, 9, text.length - 5)).toBe(text.indexOf("def g"));
  });

  it("is the last line where no definition begins after what must be read", () => {
    const least = text.indexOf('    """');
    expect(windowEnd(text, least, text.length - 5)).toBe(text.indexOf("    More"));
    expect(windowEnd(text, text.length - 5, text.length - 3)).toBe(text.length - 5);
  });

  it("is the end of the text where that is near enough", () => {
    expect(windowEnd(text, 0, text.length + 10)).toBe(text.length);
  });
});
