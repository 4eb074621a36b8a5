import { beforeAll, describe, expect, it } from "vitest";
import type { RuleId } from "../../../../server/protocol/review.ts";
import type { Syntax } from "../../../../server/syntax/syntaxService.ts";
import { loadedSyntax } from "../../../support/syntax.ts";
import { proposedBy, viewOf } from "./support/proposals.ts";

let syntax: Syntax;
beforeAll(async () => {
  syntax = await loadedSyntax("typescript", "javascript", "python");
});

/** What the changed lines would be, in the text's order. */
function linesOf(rule: RuleId, languageId: string, source: string): string[] {
  return proposedBy(rule, viewOf(syntax, source, languageId)).map(({ line }) => line);
}

describe("wrong identifier", () => {
  const rule = "starcoder/wrong-identifier";

  it("proposes the other names of the function, in each place where one is used", () => {
    const source = "function area(width: number, height: number) {\n  return width * width;\n}\n";
    expect(linesOf(rule, "typescript", source)).toEqual([
      "return height * width;",
      "return area * width;",
      "return width * height;",
      "return width * area;",
    ]);
  });

  it("does not propose a name in what initialises it, nor one that does not exist yet", () => {
    const source = "function f(a: number) {\n  const b = a + 1;\n  const c = b;\n  return c;\n}\n";
    const lines = linesOf(rule, "typescript", source);
    expect(lines).not.toContain("const b = b + 1;");
    expect(lines).not.toContain("const b = c + 1;");
    expect(lines).toContain("const c = a;");
  });

  it("assigns to nothing that cannot be assigned to", () => {
    const source =
      "import { step } from 'm';\nfunction f(n: number) {\n  const k = 1;\n  let sum = 0;\n  sum = n + k;\n  return sum + step;\n}\n";
    const lines = linesOf(rule, "typescript", source);
    expect(lines).toContain("n = n + k;");
    expect(lines).not.toContain("k = n + k;");
    expect(lines).not.toContain("step = n + k;");
  });

  it("leaves declarations, properties, keys, types, self, strings and comments alone", () => {
    const source =
      "class A:\n    def f(self, size):\n        # size\n        self.size = 'size'\n        return dict(size=1)\n";
    expect(linesOf(rule, "python", source)).not.toContainEqual(
      expect.stringMatching(/# f|size\.size|'f'|f=1/),
    );
    const typed = "function f(a: T, b: T) {\n  const o = { a: 1 };\n  return o.a;\n}\n";
    expect(linesOf(rule, "typescript", typed)).toEqual(
      expect.arrayContaining(["return a.a;", "return b.a;"]),
    );
    expect(linesOf(rule, "typescript", typed)).not.toContain("return o.b;");
  });

  it("says which name is not used at all where the written one stands twice", () => {
    const source =
      "function draw(lights: L, sceneCenter: P) {\n  return render(lights, lights);\n}\n";
    const proposed = proposedBy(rule, viewOf(syntax, source, "typescript"));
    expect(
      proposed.find(({ line }) => line === "return render(lights, sceneCenter);")?.message,
    ).toBe("`lights` is used twice here and `sceneCenter` nowhere: did you mean `sceneCenter`?");
  });
});

describe("wrong member", () => {
  const rule = "starcoder/wrong-member";

  it("proposes members of the same object that the file knows, called ones for calls", () => {
    const source =
      "function f(span: Span) {\n  span.open();\n  span.close();\n  return span.length - span.offset;\n}\n";
    const lines = linesOf(rule, "typescript", source);
    expect(lines).toContain("span.close();");
    expect(lines).toContain("return span.offset - span.offset;");
    expect(lines).not.toContain("span.length();");
  });

  it("proposes fields of the class for this, and counterparts for anything", () => {
    const source =
      "class A {\n  private count = 0;\n  private total = 0;\n  f() { return this.count; }\n  g(o: O) { return o.start; }\n}\n";
    const lines = linesOf(rule, "typescript", source);
    expect(lines).toContain("f() { return this.total; }");
    expect(lines).toContain("g(o: O) { return o.end; }");
  });
});

describe("wrong comparison", () => {
  const rule = "starcoder/wrong-comparison";

  it("proposes what a comparison is taken for", () => {
    expect(linesOf(rule, "javascript", "function f(a, b) {\n  return a < b;\n}\n")).toEqual([
      "return a <= b;",
      "return a > b;",
      "return a >= b;",
    ]);
    expect(linesOf(rule, "python", "def f(a):\n    return a is None\n")).toEqual([
      "return a is not None",
    ]);
    expect(linesOf(rule, "python", "def f(a, b):\n    return a not in b\n")).toEqual([
      "return a in b",
    ]);
  });

  it("leaves brackets of type arguments and comparisons in strings and comments alone", () => {
    const source =
      "const a: Map<string, number> = new Map<string, number>(); // a < b\nf('a < b');\n";
    expect(linesOf(rule, "typescript", source)).toEqual([]);
  });
});

describe("wrong operator", () => {
  const rule = "starcoder/wrong-operator";

  it("proposes the other operator of a pair", () => {
    expect(linesOf(rule, "typescript", "const x = a && b - 1;\n")).toEqual([
      "const x = a || b - 1;",
      "const x = a && b + 1;",
    ]);
    expect(linesOf(rule, "python", "x = a and b // 2\n")).toEqual([
      "x = a or b // 2",
      "x = a and b / 2",
      "x = a and b % 2",
    ]);
  });

  it("does not subtract from texts, and leaves signs alone", () => {
    expect(linesOf(rule, "javascript", "const x = 'a' + b;\nconst y = -1;\n")).toEqual([]);
  });
});

describe("negation", () => {
  const rule = "starcoder/negation";

  it("negates plain conditions and the sides of a conjunction, and takes negations away", () => {
    const source = "function f(a, b) {\n  if (a.ok && !b) return 1;\n  if (a) return 2;\n}\n";
    expect(linesOf(rule, "javascript", source)).toEqual([
      "if (!a.ok && !b) return 1;",
      "if (a.ok && b) return 1;",
      "if (!a) return 2;",
    ]);
    expect(linesOf(rule, "python", "def f(a):\n    if not a:\n        return 1\n")).toEqual([
      "if a:",
    ]);
  });

  it("leaves comparisons, double negations and values alone", () => {
    expect(
      linesOf(rule, "javascript", "if (a === b) f();\nconst c = !!d;\nconst e = f || g;\n"),
    ).toEqual(["const e = !f || g;"]);
  });
});

describe("wrong literal", () => {
  const rule = "starcoder/wrong-literal";

  it("proposes neighbours of small whole numbers and the other truth value", () => {
    expect(linesOf(rule, "typescript", "f(0, true);\n")).toEqual(["f(1, true);", "f(0, false);"]);
    expect(linesOf(rule, "python", "f(2, False)\n")).toEqual([
      "f(1, False)",
      "f(3, False)",
      "f(2, True)",
    ]);
  });

  it("leaves tables, large numbers, fractions and texts alone", () => {
    expect(
      linesOf(rule, "typescript", "const t = [1, 2, 3, 4];\nf(8080, 0.5, '1', 0xff);\n"),
    ).toEqual([]);
  });
});

describe("swapped arguments", () => {
  const rule = "starcoder/swapped-arguments";

  it("exchanges arguments", () => {
    const source = "copy(target, source);\n";
    const [proposed] = proposedBy(rule, viewOf(syntax, source, "typescript"));
    expect(proposed?.line).toBe("copy(source, target);");
    expect(proposed?.message).toContain("`target, source`");
  });

  it("leaves equal, spread, keyword and function arguments and numbers alone", () => {
    const script = "f(a, a);\nf(a, ...b);\nf(a, () => 1);\nf(1, 2);\n";
    expect(linesOf(rule, "typescript", script)).toEqual([]);
    expect(linesOf(rule, "python", "f(a, b=1)\nf(*a, b)\n")).toEqual([]);
  });
});

describe("missing await", () => {
  const rule = "starcoder/missing-await";

  it("proposes to wait for calls in async functions only", () => {
    const source =
      "async function f() {\n  const a = load();\n  await save(a);\n  save(a);\n}\nfunction g() {\n  load();\n}\n";
    expect(linesOf(rule, "typescript", source)).toEqual([
      "const a = await load();",
      "await save(a);",
    ]);
    expect(linesOf(rule, "python", "async def f():\n    await a()\n    b()\n")).toEqual([
      "await b()",
    ]);
  });

  it("leaves chained calls, callbacks that are not async and what is waited for together alone", () => {
    const source =
      "async function f() {\n  load().then(g);\n  await Promise.all([load(), load()]);\n  list.forEach((x) => { use(x); });\n}\n";
    expect(linesOf(rule, "typescript", source)).toEqual([]);
  });

  it("knows what is awaited elsewhere or declared async", () => {
    const source = "async function save() {}\nasync function f() {\n  save();\n  other();\n}\n";
    const facts = proposedBy(rule, viewOf(syntax, source, "typescript")).map(
      ({ proposal }) => proposal.facts.evidence,
    );
    expect(facts).toEqual([1, 0]);
  });
});

describe("missing return", () => {
  const rule = "starcoder/missing-return";

  it("proposes to return the last expression", () => {
    const source = "function f(a: number): number {\n  if (a) return 1;\n  a + 1;\n}\n";
    const [proposed] = proposedBy(rule, viewOf(syntax, source, "typescript"));
    expect(proposed?.line).toBe("return a + 1;");
    expect(proposed?.message).toContain("`f` should return one");
  });

  it("leaves void functions, constructors, assignments and docstrings alone", () => {
    const script =
      "function f(): void {\n  g();\n}\nclass A {\n  constructor() {\n    g();\n  }\n  h() {\n    this.x = 1;\n  }\n}\n";
    expect(linesOf(rule, "typescript", script)).toEqual([]);
    const python = 'def f():\n    """Says."""\n\nclass A:\n    def __init__(self):\n        g()\n';
    expect(linesOf(rule, "python", python)).toEqual([]);
  });

  it("does not take a comment's word for it", () => {
    const source = "def f(a):\n    # return nothing\n    g(a)\n";
    const [proposed] = proposedBy(rule, viewOf(syntax, source, "python"));
    expect(proposed?.proposal.facts.evidence).toBe(0);
  });
});

describe("same operands", () => {
  const rule = "starcoder/same-operands";

  it("says so without a fix, and proposes other operands on either side", () => {
    const source = "function f(a, b) {\n  return a === a;\n}\n";
    const lines = linesOf(rule, "javascript", source);
    expect(lines).toContain("return a === a;");
    expect(lines).toContain("return b === a;");
    expect(lines).toContain("return a === b;");
    const [plain] = proposedBy(rule, viewOf(syntax, source, "javascript"));
    expect(plain?.proposal.changes).toEqual([]);
    expect(plain?.message).toBe("Both sides of `===` are the same.");
  });

  it("leaves sums, squares and tests for what is not a number alone", () => {
    const source = "function isNaN(x) {\n  return x !== x;\n}\nconst y = a + a * a;\n";
    expect(linesOf(rule, "javascript", source)).toEqual([]);
  });
});

describe("any kind", () => {
  it("proposes nothing on lines that are not reviewed", () => {
    const source = "const x = a < b;\nconst y = a < b;\n";
    const view = viewOf(syntax, source, "typescript", [{ start: 1, end: 2 }]);
    expect(proposedBy("starcoder/wrong-comparison", view).map(({ line }) => line)).toEqual([
      "const y = a <= b;",
      "const y = a > b;",
      "const y = a >= b;",
    ]);
  });

  it("proposes nothing inside a syntax error", () => {
    const source = "function f(a, b) {\n  return a < b;\n}\nconst = a < ;\n";
    const lines = linesOf("starcoder/wrong-comparison", "javascript", source);
    expect(lines.every((line) => line.startsWith("return"))).toBe(true);
    expect(lines).toHaveLength(3);
  });
});
