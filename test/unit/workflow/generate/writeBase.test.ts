import { describe, expect, it } from "vitest";
import type { WorkflowTask } from "../../../../server/protocol/workflow.ts";
import {
  baseModel,
  failedWith,
  resultOf,
  workflowFixture,
  type FixtureOptions,
} from "../fixture.ts";

async function write(
  task: Partial<WorkflowTask>,
  text: string,
  options: Omit<FixtureOptions, "writes"> = {},
) {
  const fixture = workflowFixture({ ...options, writes: [text] });
  const outcome = await fixture.run({ review: false, ...task });
  const { prompt = [], heal = "" } = fixture.generated[0] ?? {};
  return { outcome, prompt, heal, fixture };
}

const code = async (...parameters: Parameters<typeof write>) =>
  resultOf((await write(...parameters)).outcome).code;

describe("code by a base model", () => {
  it("begins as a file with its path, the task as documentation and the declaration", async () => {
    const { prompt, heal, outcome } = await write({}, "  return 1;\n}\nexport function two() {\n");
    expect(prompt).toEqual([
      { special: "<file_sep>" },
      { text: "one.ts\n" },
      {
        text: "/**\n * A function `one(): number` that gives one.\n */\nexport function one(): number {",
      },
    ]);
    expect(heal).toBe("\n");
    expect(resultOf(outcome).code).toBe(
      "/**\n * A function `one(): number` that gives one.\n */\nexport function one(): number {\n  return 1;\n}",
    );
  });

  it("has its documentation inside the function in Python, and ends with the body", async () => {
    const task = "Add two numbers: `def add(a, b):`";
    const text = "    return a + b\n\n\nprint(add(1, 2))\n";
    expect(await code({ task, language: "python", requirements: ["Be exact"] }, text)).toBe(
      'def add(a, b):\n    """Add two numbers: `def add(a, b):`\n\n    - Be exact\n    """\n    return a + b',
    );
  });

  it("ends with the first function or class where the task names none", async () => {
    const text =
      "const base = 10;\n\nexport function a(): number {\n  return base;\n}\n\nfunction b() {}\n";
    expect(await code({ task: "Give ten." }, text)).toMatch(/return base;\n\}$/);
    const python = "def a():\n    return 1\n\n\ndef b():\n    return 2\n";
    expect(await code({ task: "Give one.", language: "python" }, python)).toMatch(/return 1$/);
  });

  it("fills in between what stands around, with its path", async () => {
    const before = "import { x } from './x';\n\n";
    const { prompt, outcome } = await write(
      { before, after: "\n\nexport const y = one();\n", path: "src/a.ts" },
      "  return 1;\n}\n",
    );
    const texts = prompt.map((part) => ("text" in part ? part.text : part.special));
    expect(texts.slice(-6)).toEqual([
      ...["<file_sep>", "<fim_prefix>", "<fim_suffix>", "\n\nexport const y = one();\n"],
      "<fim_middle>",
      expect.stringMatching(/^src\/a.ts\nimport \{ x \} from '.\/x';\n\n\/\*\*/) as string,
    ]);
    expect(resultOf(outcome).code).not.toContain("import");
  });

  it("is shown tests as another file", async () => {
    const tests = "expect(one()).toBe(1);";
    const { prompt } = await write({ tests }, "  return 1;\n}\n");
    expect(prompt).toContainEqual({ text: `one.test.ts\n${tests}\n` });
  });

  it("is asked in the middle of a line too", async () => {
    const before = "export const one = ";
    const { prompt, outcome } = await write({ before, task: "Give one." }, "() => 1;\n");
    expect(prompt.at(-1)).toEqual({
      text: "/**\n * Give one.\n */\nexport const one =",
    });
    expect(resultOf(outcome).code).toBe("() => 1;");
  });

  it("never has special tokens of the task as such", async () => {
    const task = "Split at <fim_suffix> and <file_sep>, in `split(text: string): string[]`.";
    const { prompt, outcome } = await write({ task }, "  return [text];\n}\n");
    expect(prompt.filter((part) => "special" in part)).toEqual([{ special: "<file_sep>" }]);
    expect(resultOf(outcome).code).toContain(task);
  });

  it("does not hold tokens that the model leaked", async () => {
    const text = "  return 1;\n}<|endoftext|>junk";
    expect(await code({}, text)).toMatch(/return 1;\n\}$/);
  });

  it("cannot end its own comment by the task's words", async () => {
    const task = "Match `/*` and */ in `one(): number`.";
    expect(await code({ task }, "  return 1;\n}\n")).toContain("Match `/*` and * / in");
  });

  it("ends at the margin after a blank line in a language without a grammar", async () => {
    const text = "local function one()\n  return 1\nend\n\nlocal function two()\n  return 2\nend\n";
    const task = { task: "Give one.", language: "lua" };
    expect(await code(task, text)).toBe("-- Give one.\nlocal function one()\n  return 1\nend");
  });

  it("is cut to what parses where it is no declaration and was cut off", async () => {
    const writes = [{ text: "total = 1\nprint(total)\nvalue = foo(", cut: true as const }];
    const fixture = workflowFixture({ writes });
    const outcome = await fixture.run({ task: "Print one.", language: "python", review: false });
    expect(resultOf(outcome).code).toBe("# Print one.\ntotal = 1\nprint(total)");
  });

  it("is written by models that do not fill in, too", async () => {
    const model = { ...baseModel, specialTokens: [] };
    const { prompt, outcome } = await write({ after: "\n// end\n" }, "  return 1;\n}\n", { model });
    expect(prompt).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: "done" });
  });

  it("keeps imports and what is near of a long text before, and fits the context", async () => {
    const filler = Array.from({ length: 900 }, (_, line) => `const v${line} = ${line};`).join("\n");
    const before = `import { far } from "./far";\n${filler}\n`;
    const { prompt } = await write({ before }, "  return 1;\n}\n");
    const text = prompt.map((part) => ("text" in part ? part.text : "")).join("");
    expect(text).toContain('import { far } from "./far";');
    expect(text).toContain("const v899 = 899;");
    expect(text).not.toContain("const v10 = 10;");
    expect(text.length / 4).toBeLessThan(baseModel.contextSize);
  });

  it("fails where the task alone is longer than the context", async () => {
    const { outcome } = await write({ task: "word ".repeat(3900) }, "");
    expect(outcome).toMatchObject(failedWith("CONTEXT_OVERFLOW"));
  });
});
