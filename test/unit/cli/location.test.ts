import { describe, expect, it } from "vitest";
import { offsetOf, parseLocation } from "../../../server/cli/location.ts";
import { UsageError } from "../../../server/cli/outcome.ts";
import { languageOf } from "../../../server/text/languageOf.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";

describe("FILE:LINE:COL", () => {
  it.each([
    ["a.ts:3:14", { file: "a.ts", line: 3, column: 14 }],
    ["C:\\work\\a.ts:3:14", { file: "C:\\work\\a.ts", line: 3, column: 14 }],
    ["odd:1:2:3:4", { file: "odd:1:2", line: 3, column: 4 }],
  ])("%s is understood", (text, expected) => {
    expect(parseLocation(text)).toEqual(expected);
  });

  it.each(["a.ts", "a.ts:3", ":3:4", "a.ts:x:1", "a.ts:-1:1", ""])("%j is not", (text) => {
    expect(() => parseLocation(text)).toThrow(UsageError);
  });
});

describe("a place in a text", () => {
  it.each([
    ["", 1, 1, "|"],
    ["ab\ncd", 1, 1, "|ab\ncd"],
    ["ab\ncd", 1, 3, "ab|\ncd"],
    ["ab\r\ncd", 1, 3, "ab|\r\ncd"],
    ["ab\ncd", 2, 3, "ab\ncd|"],
    ["ab\n", 2, 1, "ab\n|"],
    ["a\r\n\r\nb", 3, 1, "a\r\n\r\n|b"],
    ["a\rb", 2, 2, "a\rb|"],
  ])("in %j at %d:%d is %j", (text, line, column, expected) => {
    const offset = offsetOf(text, { file: "a", line, column });
    expect(`${text.slice(0, offset)}|${text.slice(offset)}`).toBe(expected);
  });

  it.each([
    ["ab\ncd", 0, 1],
    ["ab\ncd", 1, 0],
    ["ab\ncd", 1, 4],
    ["ab\ncd", 3, 1],
    ["", 2, 1],
  ])("in %j at %d:%d is outside", (text, line, column) => {
    const error = codedErrorOf(() => offsetOf(text, { file: "a", line, column }));
    expect(error.code).toBe("POSITION_INVALID");
  });
});

describe("the language of a file", () => {
  it.each([
    ["src/a.ts", "typescript"],
    ["A.PY", "python"],
    ["a.b/c", "plaintext"],
    ["Makefile", "plaintext"],
    ["a.constructor", "plaintext"],
  ])("%s is %s", (path, expected) => {
    expect(languageOf(path)).toBe(expected);
  });
});
