import { afterAll, describe, expect, it } from "vitest";
import { visibleNames } from "../../../../server/review/likelihood/visibleNames.ts";
import { readingNotation } from "../../../support/reading.ts";

const typescript = await readingNotation("typescript");
const python = await readingNotation("python");
const java = await readingNotation("java");
const go = await readingNotation("go");
afterAll(() => {
  typescript.dispose();
  python.dispose();
  java.dispose();
  go.dispose();
});

/** What is visible at the mark `|`. */
function visible(language: typeof python, marked: string): string {
  const offset = marked.indexOf("|");
  const code = marked.replace("|", "");
  return visibleNames(language.reading(code), offset)
    .map(({ text }) => text)
    .join(" ");
}

describe("in TypeScript", () => {
  function check(title: string, code: string, expected: string): void {
    it(title, () => {
      expect(visible(typescript, code)).toBe(expected);
    });
  }

  check(
    "the nearest come first, up to the imports",
    'import a from "a";\nconst b = 1;\nfunction c(d) { const e = 1; for (const f of d) { |; } }\n',
    "f e d c b a",
  );
  check("a name of a block is not visible outside it", "{ let a; } if (b) { const c = 1; } |;", "");
  check(
    "nor is a parameter outside its function",
    "function a(b) {} const c = (d) => d; |;",
    "c a",
  );
  check("a nearer name hides the same of a scope around it", "let a; { let a; |; }", "a");
  check(
    "a name declared later in the same function is not visible, nor is the one it hides",
    "let a; function b() { |; let a, c; }",
    "b",
  );
  check(
    "a function declared later is, and so is a `var`",
    "function a() { |; { var b; } function c() {} let d; }",
    "b c a",
  );
  check(
    "names around a function are visible in it wherever they are declared",
    "function a() { |; } const b = 1;",
    "a b",
  );
  check("a `catch` has its error", "try {} catch (a) { |; }", "a");
  check("a function has its own name", "const a = function b(c) { |; };", "c b a");
  check("a type is no value", "import type { A } from 'a'; type B = A; interface C {} |;", "");
});

describe("in Python", () => {
  function check(title: string, code: string, expected: string): void {
    it(title, () => {
      expect(visible(python, code)).toBe(expected);
    });
  }

  check(
    "blocks are no scopes, functions are",
    "import a\nif a:\n    b = 1\ndef c(d):\n    for e in d:\n        f = 1\n    |g()\n",
    "f e d c b a",
  );
  check(
    "methods do not see the names of their class, its body does",
    "class A:\n    b = 1\n    def c(self):\n        |d()\n",
    "self A",
  );
  check("the body of a class sees its names", "class A:\n    b = 1\n    |c()\n", "b A");
  check("a comprehension keeps its names, which stand behind their use", "[|c for a in b]\n", "a");
  check("which are not visible after it", "[a for a in b]\n|c\n", "");
  check(
    "`global` names are those of the file",
    "a = 1\ndef b():\n    global a\n    a = 2\n    |c()\n",
    "b a",
  );
});

describe("in Java and Go", () => {
  it("methods see the fields and methods of their class, and what is declared before", () =>
    expect(
      visible(java, "class A { int b; void c(int d) { int e; { int f; } |g(); int h; } int i; }"),
    ).toBe("e d c b i A"));

  it("a name that `:=` declares in a block ends with it", () =>
    expect(
      visible(
        go,
        "package a\nfunc b(c int) {\n\tif d := c; d { e := 1; f(e) }\n\t|g()\n}\nvar h int\n",
      ),
    ).toBe("c b h"));
});

it("says where and what", () => {
  const names = visibleNames(typescript.reading("const a = 1; let b; class C {} "), 31);
  expect(names).toEqual([
    { text: "C", kind: "class", at: 26 },
    { text: "b", kind: "variable", at: 17 },
    { text: "a", kind: "constant", at: 6 },
  ]);
});
