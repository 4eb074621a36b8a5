import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { EvalPackage } from "../../../scripts/eval/packages.ts";
import { codeLines, cutLine, sampleLines } from "../../../scripts/eval/sampleLines.ts";

describe("codeLines", () => {
  const check = (language: "typescript" | "python", text: string, expected: number[]) =>
    expect(codeLines(language, text.split("\n"))).toEqual(expected);

  it("leaves out blank lines, comments and lines without a word", () => {
    check("typescript", "// a\nlet a = 1;\n\n}\n  // b\nreturn a; // c", [1, 5]);
  });

  it("leaves out block comments", () => {
    check("typescript", "/**\n * text\n */\nlet a;\n/* one line */\nlet b;", [3, 5]);
  });

  it("leaves out Python's docstrings", () => {
    check("python", 'def f():\n  """One.\n\n  Two.\n  """\n  return 1\n"""x"""\ny = 1', [0, 5, 7]);
  });
});

describe("cutLine", () => {
  it("parts the window at the cursor and takes the rest of the line out", () => {
    const lines = ["a", "b", "const c = 1;  ", "d", "e"];
    expect(cutLine(lines, 2, 8, { above: 1, below: 1 })).toEqual({
      before: "b\nconst c ",
      truth: "= 1;",
      after: "\nd",
    });
  });
});

describe("sampleLines", () => {
  const item: EvalPackage = {
    registry: "npm",
    name: "example",
    version: "1.0.0",
    language: "javascript",
    split: "fit",
    sources: ".",
  };

  async function sample(count: number, seed: number) {
    const folder = await mkdtemp(join(tmpdir(), "starcoder-sample-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const lines = Array.from({ length: 50 }, (_, i) => `  call(${i}, value);`);
    await writeFile(join(folder, "a.js"), lines.join("\r\n"));
    await writeFile(join(folder, "a.test.js"), "test();");
    return sampleLines(item, folder, count, { above: 2, below: 2 }, seed);
  }

  it("draws the same places for the same seed, others for another", async () => {
    const once = await sample(10, 1);
    expect(await sample(10, 1)).toEqual(once);
    expect(await sample(10, 2)).not.toEqual(once);
  });

  it("puts the cursor inside the line's text and never draws a line twice", async () => {
    const drawn = await sample(100, 3);
    expect(drawn).toHaveLength(50);
    expect(new Set(drawn.map(({ id }) => id.replace(/:\d+$/, ""))).size).toBe(50);
    for (const { before, truth, path } of drawn) {
      expect(path).toBe("a.js");
      expect(`${before}${truth}`).toMatch(/ {2}call\(\d+, value\);$/);
      expect(truth).not.toBe("");
      expect(before).toMatch(/ {2}\S*.*$/);
    }
  });
});
