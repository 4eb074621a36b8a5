import { describe, expect, it } from "vitest";
import { changeOf } from "../../../../server/review/comments/replacement.ts";

const text = "function f() {\n  if (a <= b) {\n    run(a);\n  }\n}\n";

/** The text after the replacement of a quote; undefined where it changes nothing. */
function replaced(quote: string, replacement: string | null, code = text): string | undefined {
  const start = code.indexOf(quote);
  const change = changeOf(code, { start, end: start + quote.length }, replacement);
  return change === undefined
    ? undefined
    : code.slice(0, change.start) + change.text + code.slice(change.end);
}

describe("a comment's replacement", () => {
  it("takes the quote's place", () => {
    expect(replaced("a <= b", "a < b")).toBe(text.replace("<=", "<"));
  });

  it("takes the line's place where it writes the whole line for a part of it", () => {
    expect(replaced("a <= b", "if (a < b) {")).toBe(text.replace("<=", "<"));
    expect(replaced("if (a <= b)", "if (a < b) {")).toBe(text.replace("<=", "<"));
  });

  it("keeps the line's own indentation and line breaks", () => {
    const windows = text.replaceAll("\n", "\r\n");
    expect(replaced("run(a);", "check(a);\nrun(a);", windows)).toBe(
      windows.replace("run(a);", "check(a);\r\n    run(a);"),
    );
  });

  it("is none where it changes nothing", () => {
    expect(replaced("a <= b", "a<=b")).toBeUndefined();
    expect(replaced("a <= b", null)).toBeUndefined();
  });
});
