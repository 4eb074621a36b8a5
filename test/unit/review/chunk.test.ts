import { beforeAll, describe, expect, it } from "vitest";
import { cutIntoChunks } from "../../../server/review/chunk.ts";
import type { Syntax } from "../../../server/syntax/syntaxService.ts";
import { createLineIndex } from "../../../server/text/positions.ts";
import { loadedSyntax } from "../../support/syntax.ts";
import { documentOf } from "./support/fixture.ts";

let syntax: Syntax;
beforeAll(async () => {
  syntax = await loadedSyntax("typescript", "python");
});

/** Cuts the lines (from 1) of a text; chunks with their text and lines from 1. */
function cut(text: string, lines: readonly number[], languageId = "typescript") {
  const document = documentOf(text, { languageId });
  const index = createLineIndex(text);
  const starts = Array.from({ length: index.lineCount }, (_, line) => index.startOf(line));
  const { chunks, erroneous } = cutIntoChunks(
    syntax,
    document,
    starts,
    lines.map((line) => line - 1),
  );
  return {
    erroneous: erroneous.map((line) => line + 1),
    chunks: chunks.map(({ start, end, name, context, lines: ranges }) => ({
      name,
      context,
      text: text.slice(start, end),
      firstLine: index.positionAt(start).line + 1,
      lines: ranges.flatMap((range) =>
        Array.from({ length: range.end - range.start }, (_, i) => range.start + i + 1),
      ),
    })),
  };
}

const statements = (count: number, indent = "  ") =>
  Array.from({ length: count }, (_, i) => `${indent}use(value${i});`).join("\n");

describe("chunks", () => {
  it("are the function around the changed lines, with its comment", () => {
    const text = [
      "const before = 1;",
      "",
      "/** Adds. */",
      "export function add(a: number, b: number): number {",
      "  const sum = a + b;",
      "  return sum;",
      "}",
      "const after = 2;",
    ].join("\n");
    const { chunks } = cut(text, [5, 6]);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ name: "add", lines: [5, 6], firstLine: 3 });
    expect(chunks[0]?.text.endsWith("}\n")).toBe(true);
  });

  it("are the largest function that is short: small callbacks come with what surrounds them", () => {
    const text =
      "function outer(list) {\n  return list.map((each) => {\n    return each + 1;\n  });\n}\n";
    expect(cut(text, [3]).chunks.map(({ name, firstLine }) => [name, firstLine])).toEqual([
      ["outer", 1],
    ]);
    const inner = (count: number) => `  function one() {\n${statements(count, "    ")}\n  }\n`;
    const long = (count: number) => `function all() {\n${statements(90)}\n${inner(count)}}\n`;
    const { chunks } = cut(long(9), [94]);
    expect(chunks[0]?.text).toBe(inner(9));
    expect(chunks[0]?.context).toBe("function all() {\n");
    // One that is tiny would hardly be understood on its own.
    expect(cut(long(2), [94]).chunks.map(({ name }) => name)).toEqual(["all"]);
  });

  it("are methods one by one, and fields of a class together with its header", () => {
    const method = (name: string) => `  ${name}() {\n${statements(8, "    ")}\n  }`;
    const text = [
      "class Counter {",
      "  count = 0;",
      "  step = 1;",
      method("increase"),
      method("decrease"),
      "}",
    ].join("\n");
    const { chunks } = cut(text, [1, 2, 3, 5, 15]);
    expect(chunks.map(({ name, lines }) => [name, lines])).toEqual([
      ["Counter", [1, 2, 3]],
      ["increase", [5]],
      ["decrease", [15]],
    ]);
    expect(chunks[2]?.context).toContain("class Counter {\n");
  });

  it("are small neighbours together", () => {
    const getters = ["a", "b", "c"].map((name) => `  get ${name}() {\n    return 1;\n  }\n`);
    const text = `class All {\n${getters.join("\n")}}\n`;
    expect(cut(text, [3, 7, 11]).chunks.map(({ lines, context }) => [lines, context])).toEqual([
      [[3, 7, 11], "class All {\n"],
    ]);
  });

  it("are overlapping parts of a long function, each with the function's header", () => {
    const text = `async function long(value: number) {\n${statements(200)}\n}\n`;
    const { chunks } = cut(
      text,
      Array.from({ length: 200 }, (_, i) => i + 2),
    );
    expect(chunks.length).toBeGreaterThan(4);
    expect(chunks.flatMap(({ lines }) => lines)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 2),
    );
    for (const [i, chunk] of chunks.entries()) {
      expect(chunk.text.split("\n").length).toBeLessThanOrEqual(41);
      if (i === 0) continue;
      expect(chunk.context).toContain("async function long(value: number) {\n");
      expect(chunk.firstLine).toBeLessThan(chunk.lines[0] ?? 0);
    }
  });

  it("cost what changed, not what the function or the file is long", () => {
    const one = `function long(value) {\n${statements(1000)}\n}\n`;
    const { chunks } = cut(one, [500]);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.text.split("\n").length).toBeLessThanOrEqual(14);
  });

  it("are windows of lines outside of functions, which end where a function begins", () => {
    const text = "const a = 1;\nfunction f() {\n  return a;\n}\nconst b = a;\nconst c = b;\n";
    expect(cut(text, [1, 5]).chunks.map((chunk) => chunk.text)).toEqual([
      "const a = 1;\n",
      "const b = a;\nconst c = b;\n",
    ]);
  });

  it("are windows of lines where there is no grammar", () => {
    const text = statements(100, "");
    const { chunks } = cut(text, [50, 51], "lua");
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ firstLine: 42, lines: [50, 51], context: "" });
  });

  it("never cut a line, whatever ends it", () => {
    const text = "let a;\r\nfunction f() {\r\n\treturn '😀';\r\n}\r\nlet b;";
    const pieces = cut(text, [1, 3, 5]).chunks.map((chunk) => chunk.text);
    expect(pieces.join("")).toBe(text);
  });

  it("leave out the lines of a syntax error and keep the others", () => {
    const text = "function f() {\n  return 1;\n}\nfunction g( {{{ = ;\n";
    const { chunks, erroneous } = cut(text, [2, 4]);
    expect(chunks.map(({ lines }) => lines)).toEqual([[2]]);
    expect(erroneous).toEqual([4]);
  });

  it("are found in a file too long to be read at once, with its head's imports", () => {
    const filler = Array.from(
      { length: 1500 },
      (_, i) => `function filler${i}(value) {\n${statements(3)}\n}\n`,
    ).join("");
    const tail = "function last(path) {\n  return read(path);\n}\n";
    const text = `import { read } from "./read.ts";\n${filler}${tail}`;
    expect(text.length).toBeGreaterThan(100_000);
    const lineCount = text.split("\n").length;
    const { chunks } = cut(text, [3, lineCount - 2]);
    expect(chunks.map(({ name }) => name)).toEqual(["filler0", "last"]);
    expect(chunks[1]?.text).toBe(tail);
    expect(chunks[1]?.context).toContain('import { read } from "./read.ts";\n');
  });

  it("are shown with imports and headers of what they name, within bounds", () => {
    const text = [
      'import { open } from "./open.ts";',
      'import { unused } from "./unused.ts";',
      "export function readAll(path: string): string {",
      ...Array.from({ length: 20 }, () => "  console.log(1);"),
      "}",
      "function other(): void {",
      ...Array.from({ length: 20 }, () => "  console.log(2);"),
      "}",
      "function run() {",
      "  return readAll(open());",
      "}",
    ].join("\n");
    const { chunks } = cut(text, [47]);
    const context = chunks[0]?.context ?? "";
    expect(context).toContain('import { open } from "./open.ts";\n');
    expect(context).toContain("export function readAll(path: string): string");
    expect(context).not.toContain("other");
    expect(context).not.toContain("console");
    const many = Array.from({ length: 300 }, (_, i) => `import { name${i} } from "./${i}.ts";`);
    const crowded = `${many.join("\n")}\nfunction f() {\n  name7();\n}\n`;
    const full = cut(crowded, [302]).chunks[0]?.context ?? "";
    expect(full.length).toBeLessThanOrEqual(1200);
    expect(full).toContain("name7 }");
  });

  it("are functions and methods in Python, too", () => {
    const text = "import os\n\nclass A:\n    def f(self):\n        return os.getcwd()\n\nx = 1\n";
    const { chunks } = cut(text, [5, 7], "python");
    expect(chunks.map(({ name }) => name)).toEqual(["f", ""]);
    expect(chunks[0]?.context).toBe("import os\nclass A:\n");
  });
});
