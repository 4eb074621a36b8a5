import { describe, expect, it } from "vitest";
import { purposeOf } from "../../../server/completion/stop/purpose.ts";
import { createStop } from "../../../server/completion/stop/stop.ts";
import type { StopOptions } from "../../../server/completion/stop/stopContext.ts";
import { scriptedTokens } from "../../support/golden.ts";
import { loadedSyntax, noSyntax } from "../../support/syntax.ts";

const syntax = await loadedSyntax("typescript", "python");
const typescript = { languageId: "typescript", syntax };

/** Purpose at the cursor mark. */
function purpose(code: string, options: Partial<Parameters<typeof purposeOf>[0]> = {}) {
  const [before = "", after = ""] = code.split("|");
  const base = { ...typescript, before, after, multiline: "auto", trigger: "automatic" } as const;
  return purposeOf({ ...base, ...options });
}

describe("what a generation is for", () => {
  it("is one line in the middle of a line", () => {
    expect(purpose("const a = |b;\n")).toBe("line");
    expect(purpose("const a = |b;\n", { multiline: "block" })).toBe("line");
    expect(purpose("const a = |;\n")).toBe("line");
  });

  it("is a block after what opens one", () => {
    expect(purpose("function f() {|\n}\n")).toBe("block");
    expect(purpose("const f = () => {|});\n")).toBe("block");
    expect(purpose("if a:|\n", { languageId: "python" })).toBe("block");
  });

  it("is a block in an empty body, not in one that has statements", () => {
    expect(purpose("function f() {\n  |\n}\n")).toBe("block");
    expect(purpose("function f() {\n  // Adds.\n  |\n}\n")).toBe("block");
    expect(purpose("function f() {\n  |\n  return 1;\n}\n")).toBe("line");
    expect(purpose("a();\n|\nb();\n")).toBe("line");
  });

  it("is a block on an empty line when asked for", () =>
    expect(purpose("a();\n|\nb();\n", { trigger: "invoked" })).toBe("block"));

  it("is one line after a brace in a comment or string", () => {
    expect(purpose("// like this {|\n")).toBe("line");
    expect(purpose("const a = `x {|\n`;\n")).toBe("line");
  });

  it("is one line where several are not wanted", () =>
    expect(purpose("function f() {|\n}\n", { multiline: "never" })).toBe("line"));
});

/** Pushes token by token as an engine does; gives what was kept and after which text it was done. */
function run(options: Partial<StopOptions>, generated: string) {
  const stop = createStop({
    purpose: "block",
    ...typescript,
    before: "",
    after: "",
    maxLines: 10,
    ...options,
  });
  let read = "";
  for (const token of scriptedTokens(generated)) {
    read += token;
    const { done, text } = stop.push(read);
    if (done) return { text, read };
  }
  return { ...stop.push(read), read: undefined };
}

describe("stopping", () => {
  it("a line at its line break", () => {
    const { text, read } = run({ purpose: "line", before: "const a = " }, "b;\nconst c = d;\n");
    expect(text).toBe("b;");
    expect(read).toBe("b;\n");
  });

  it("a line where it has come to what stands after the cursor", () => {
    const { text, read } = run(
      { purpose: "line", before: "log(", after: ");\n" },
      'f(a, "b")); more\n',
    );
    expect(text).toBe('f(a, "b")');
    expect(read).toBe('f(a, "b"));');
  });

  it("a line that starts below the cursor's at the end of that one", () => {
    const { text } = run({ purpose: "line", before: "a();" }, "\n  b();\n  c();\n");
    expect(text).toBe("\n  b();");
  });

  it("a block at the line break after its closing bracket", () => {
    const { text, read } = run({ before: "function f() {" }, "\n  a();\n}\nb();\nc();\n");
    expect(text).toBe("\n  a();\n}");
    expect(read).toBe("\n  a();\n}\n");
  });

  it("a Python block at the first character of the line after it", () => {
    const { text, read } = run(
      { languageId: "python", before: "def f():\n    " },
      "a()\n    b()\n\ndef g():\n",
    );
    expect(text).toBe("a()\n    b()");
    expect(read).toBe("a()\n    b()\n\ndef");
  });

  it("a block by brackets and indentation without a grammar", () => {
    const { text } = run({ syntax: noSyntax, before: "function f() {" }, "\n  a({});\n}\nb();\n");
    expect(text).toBe("\n  a({});\n}");
  });

  it("an endless block after the most lines", () => {
    const lines = Array.from({ length: 50 }, (_, i) => `  call${i}(a${i * 7});`);
    const { text } = run({ before: "function f() {", maxLines: 4 }, `\n${lines.join("\n")}\n`);
    expect(text.trim().split("\n")).toHaveLength(4);
  });

  it("a loop of lines", () => {
    const { text } = run({ before: "function f() {" }, "\n  call(a);".repeat(20));
    expect(text.trim()).toBe("call(a);");
  });

  it("never by a number of characters", () => {
    const line = `const a = ${"b + ".repeat(500)}c;`;
    expect(run({ purpose: "line" }, `${line}\n`).text).toBe(line);
  });

  it("parses only when a line was generated", () => {
    let parsed = 0;
    const counting = {
      blockEnd: () => {
        parsed++;
        return undefined;
      },
    };
    run({ syntax: counting, before: "function f() {" }, "\n  one(two, three, four);\n  five();\n");
    expect(parsed).toBe(3);
  });

  it("keeps saying done with the same text", () => {
    const stop = createStop({ purpose: "line", ...typescript, before: "", after: "", maxLines: 9 });
    expect(stop.push("a\nb")).toEqual({ done: true, text: "a" });
    expect(stop.push("a\nb\nc")).toEqual({ done: true, text: "a" });
  });
});
