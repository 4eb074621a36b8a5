import { describe, expect, it } from "vitest";
import { postprocess } from "../../../server/completion/postprocess/postprocess.ts";
import { loadedSyntax } from "../../support/syntax.ts";

const syntax = await loadedSyntax("typescript", "python");

/** What is left of a generation at the cursor mark. */
function check(code: string, generated: string, expected: string, languageId = "typescript") {
  const [before = "", after = ""] = code.split("|");
  expect(postprocess(generated, { before, after, languageId, syntax })).toBe(expected);
}

describe("text that stands after the cursor", () => {
  it("is trimmed where the suggestion ends in it", () => {
    check("f(|)", "a, b)", "a, b");
    check("f(|);", "a, b)", "a, b");
    check("f(|);", "a, b);", "a, b");
    check("f(a, |)", "g(b))", "g(b)");
    check("a[|];", "0];", "0");
    check('log("|");', 'a");', "a");
    check("return |;", "a;", "a");
    check("function |name() {", "get name", "get ", "typescript");
  });

  it("stays where the suggestion needs it for itself", () => {
    check("f(|)", "g(b)", "g(b)");
    check("f(|)", "[a]", "[a]");
    check("x = |a", "b + ba", "b + ba");
    check('f("|")', "a", "a");
  });

  it("keeps the line made for the bracket after the cursor", () =>
    check("f(() => {|})", "\n  a();\n})", "\n  a();\n"));
});

describe("lines that follow", () => {
  it("are cut from where the suggestion repeats them", () => {
    check("if (a) {\n  |\n  second();\n}\n", "first();\n  second();\n}", "first();");
    check("  |\n  second();\n", "second();", "");
    check("if (a) {\n  |\n}\n", "first();\n}", "first();");
  });

  it("a closing bracket of another depth is not theirs", () => {
    const code = "function f() {\n  if (a) {|\n}\n";
    check(code, "\n    b();\n  }", "\n    b();\n  }");
  });

  it("lines that only begin alike stay", () =>
    check("  |\n  second();\n", "secondary();", "secondary();"));
});

describe("brackets", () => {
  it("that close nothing are cut", () => {
    check("const a = |", "b);", "b");
    check("f(a|", ", b]);", ", b");
  });

  it("that close what was opened before the cursor stay", () => {
    check("f(a|", ", b);", ", b);");
    check("const a = [1, |", "2];", "2];");
  });

  it("in strings are text", () => check('const a = "|', ':)";', ':)";'));
});

describe("repetition", () => {
  it("of lines, groups of lines and characters is cut", () => {
    check("", "call(a);\n".repeat(9), "call(a);");
    check("", "call(a);\nread(b);\n".repeat(4), "call(a);\nread(b);");
    check("const a = [|", "1234, ".repeat(30), "1234,");
  });

  it("that sound code has stays", () => {
    check("const a = [|", "0, 0, 0];", "0, 0, 0];");
    check("", "    }\n  }\n}\n".trimEnd().replaceAll("}", "x"), "    x\n  x\nx");
    check("// |", "-".repeat(60), "-".repeat(60));
  });

  it("of the line above is dropped", () =>
    check("import a from 'a';\n|", "import a from 'a';", ""));
});

describe("characters", () => {
  it("halves of surrogate pairs are dropped at the ends", () => {
    check('a = "|', "b\ud83d", "b");
    check('a = "|', "\ude00b", "b");
    check('a = "|', "😀", "😀");
  });

  it("control tokens are cut with what follows, of any family", () => {
    for (const token of [
      "<fim_suffix>",
      "<|endoftext|>",
      "<|fim_pad|>",
      "<｜fim▁end｜>",
      "<EOT>",
    ]) {
      check("a = |", `b${token} rest`, "b");
    }
    check("a = |", "b < c | d > e", "b < c | d > e");
  });

  it("white space at the end goes, except before what stands there", () => {
    check("a = |", "b;   ", "b;");
    check("a = |\n", "b;\n\n  ", "b;");
    check("f(|b)", "a, ", "a, ");
    check("f(| b)", "a, ", "a,");
    check("a = |", "  \n ", "");
  });
});

describe("indentation and line breaks", () => {
  it("are those of the document", () => {
    check("if (a) {\r\n  |\r\n}\r\n", "b();\n  c();", "b();\r\n  c();");
    check("if (a) {\n\tb();\n\t|\n}\n", "c();\n    d();", "c();\n\td();");
    check("if (a) {\n  b();\n  |\n}\n", "c();\n\td();", "c();\n  d();");
  });

  it("are not doubled by a model that indents again", () => {
    check("def f():\n    |", "    return 1", "return 1", "python");
    check("def f():\n    a = 1\n    |", "    return a", "return a", "python");
    check("def f():\n|", "    return 1", "    return 1", "python");
  });
});
