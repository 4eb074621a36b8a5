import { describe, expect, it } from "vitest";
import { commentTask, type LinesOf } from "../../../../extension/generated/commentTask.ts";
import { cursorPlace, withoutBlanks } from "../../../../extension/generated/taskPlace.ts";

function linesOf(text: string): LinesOf {
  const lines = text.split("\n");
  return { lineCount: lines.length, line: (index) => lines[index] ?? "" };
}

const at = (line: number) => ({ first: line, last: line, isEmpty: true });

describe("a task in a comment", () => {
  it.each([
    ["typescript", "// Adds two numbers.\n// Throws below zero.\n", 1],
    ["typescript", "/**\n * Adds two numbers.\n * Throws below zero.\n */", 2],
    ["python", "# Adds two numbers.\n# Throws below zero.", 0],
    ["sql", "-- Adds two numbers.\n-- Throws below zero.", 0],
    ["html", "<!-- Adds two numbers. -->\n<!-- Throws below zero. -->", 0],
    ["typescript", "// Adds two numbers.\n// Throws below zero.\n\n", 2],
  ])("is taken from the one at or just above the cursor: %s", (language, text, line) => {
    expect(commentTask(linesOf(text), language, at(line))?.text).toBe(
      "Adds two numbers.\nThrows below zero.",
    );
  });

  it("is taken from selected lines that are one", () => {
    const text = "// One.\n// Two.\n// Three.\n";
    const task = commentTask(linesOf(text), "go", { first: 0, last: 1, isEmpty: false });
    expect(task).toEqual({ text: "One.\nTwo.", firstLine: 0, lastLine: 1 });
  });

  it.each([
    ["code", "typescript", "let a = 1;", at(0)],
    [
      "selected code among comments",
      "typescript",
      "// a\nlet b;",
      { first: 0, last: 1, isEmpty: false },
    ],
    ["an include", "c", "#include <stdio.h>", at(0)],
    ["an empty comment", "typescript", "//", at(0)],
    ["an empty file", "typescript", "", at(0)],
  ])("is not taken from %s", (_, language, text, selected) => {
    expect(commentTask(linesOf(text), language, selected)).toBeUndefined();
  });
});

describe("the place at a cursor", () => {
  const text = "function f() {\n  \n  g();\n}";
  it.each([
    ["on a blank line", 1, 0, { line: 1, character: 2 }, undefined],
    ["in the middle of a line", 2, 4, { line: 2, character: 4 }, undefined],
    ["at the end of a line", 2, 6, { line: 2, character: 6 }, "\n  "],
    ["at the end of a line that opens a block", 0, 14, { line: 0, character: 14 }, "\n  "],
  ])("%s", (_, line, character, place, lead) => {
    const found = cursorPlace(linesOf(text), { line, character }, "  ");
    expect(found).toEqual({
      range: { start: place, end: place },
      ...(lead === undefined ? {} : { lead }),
    });
  });
});

describe("a selection", () => {
  it.each([
    [
      [0, 0, 3, 0],
      [1, 2, 2, 5],
    ],
    [
      [1, 0, 1, 8],
      [1, 2, 1, 8],
    ],
    [
      [1, 3, 1, 4],
      [1, 3, 1, 4],
    ],
    [
      [2, 0, 2, 7],
      [2, 2, 2, 5],
    ],
    [
      [0, 0, 1, 1],
      [0, 0, 1, 1],
    ],
  ])("loses the blanks at its ends, unless it is all blank: %j", (selected, expected) => {
    const lines = linesOf("\n  one();\n  two  \n\n");
    const [a = 0, b = 0, c = 0, d = 0] = selected;
    const range = { start: { line: a, character: b }, end: { line: c, character: d } };
    const { start, end } = withoutBlanks(lines, range);
    expect([start.line, start.character, end.line, end.character]).toEqual(expected);
  });
});
