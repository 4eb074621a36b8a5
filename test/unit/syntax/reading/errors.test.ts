import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { readingNotation } from "../../../support/reading.ts";

const typescript = await readingNotation("typescript");
const python = await readingNotation("python");
const csharp = await readingNotation("csharp");
const ruby = await readingNotation("ruby");
afterAll(() => {
  typescript.dispose();
  python.dispose();
  csharp.dispose();
  ruby.dispose();
});

describe("a text with a syntax error", () => {
  it("lists nothing of the statement with the error, and all else", () => {
    const code = "function a() {\n  b(;\n  c();\n}\nd();\n";
    expect(typescript.texts(code, "errors")).toEqual(["  b(;"]);
    expect(typescript.names(code)).toBe("a:declaration c:call d:call");
    expect(typescript.calls(code)).toEqual(["c();", "d();"]);
    expect(typescript.units(code)).toEqual(["function a: function a() { b(; c(); }"]);
  });

  it("in TypeScript still has its other functions and members", () => {
    const member = "class A {\n  b() { if (c > { return d; }\n  e() { return f; }\n}\n";
    const header = "function g( {\n  h();\n}\n";
    const good = "function i() { return j; }\n";
    const read = "i:declaration j:use";
    expect(typescript.names(member + good)).toBe(`A:declaration e:declaration f:use ${read}`);
    expect(typescript.names(good + header + good)).toBe(`${read} ${read}`);
  });

  it("in Python still has its other functions", () =>
    expect(
      python.names(`
class A:
    def b(self):
        return c
    def d(self):
        return e(f,

def g()
    return h

def i():
    return j
`),
    ).toBe("A:declaration b:declaration self:parameter c:use i:declaration j:use"));

  it("has the other members of a class that the parser gives up on, in each of its broken members", () => {
    expect(
      csharp.names(`
namespace A
{
    class B
    {
        int c() { return d; }
        int e()
        {
            if (f > { return g; }
        }
        int h() { return i; }
        int j() { return k(l, ; }
        int m() { return n; }
    }
}
`),
    ).toBe("A:other B:declaration c:declaration d:use h:declaration i:use m:declaration n:use");
    expect(
      ruby.names(
        "class A\n  def b\n    c\n  end\n  def d\n    if e\n  end\n  def f\n    g\n  end\nend\ndef h\n  i\nend\n",
      ),
    ).toBe("A:declaration b:declaration c:use f:declaration g:use h:declaration i:use");
  });

  it("has the units of a real file but the one that is broken, wherever a bracket is missing", () => {
    const code = readFileSync(
      new URL("../../../../server/syntax/treeCache.ts", import.meta.url),
      "utf8",
    );
    const whole = typescript.reading(code).units;
    const top = whole.filter(({ parent }) => parent === -1);
    expect(top.length).toBeGreaterThan(4);
    for (const unit of top) {
      const at = code.indexOf("(", unit.body.start);
      const text = code.slice(0, at) + code.slice(at + 1);
      const names = typescript.reading(text).units.map(({ name }) => name);
      const others = top.filter((other) => other !== unit).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(others));
    }
  });
});

describe("whatever is missing from a text", () => {
  const code = readFileSync(
    new URL("../../../../server/syntax/readingCache.ts", import.meta.url),
    "utf8",
  );

  it("lists stay in order, and nothing in an error is listed", () => {
    for (let at = 0; at < code.length; at += 37) {
      const text = code.slice(0, at) + code.slice(at + 5);
      const { errors, names, operators, calls, statements } = typescript.reading(text);
      for (const list of [names, operators, calls, statements]) {
        const starts = list.map(({ start }) => start);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        const broken = list.filter(({ start, end }) =>
          errors.some((error) => error.start < end && start < error.end),
        );
        expect(broken).toEqual([]);
      }
    }
  });
});

describe("a merge conflict", () => {
  const code = "a();\n<<<<<<< HEAD\nb();\n=======\nc();\n>>>>>>> other\nd();\n";

  it("is an error as a whole, and what is around it is read", () => {
    const [error = ""] = typescript.texts(code, "errors");
    expect(error).toMatch(/^<<<<<<< HEAD[^]*>>>>>>> other$/);
    expect(typescript.names(code)).toBe("a:call d:call");
    expect(python.names(code.replaceAll(";", ""))).toBe("a:call d:call");
  });

  it("is one with carriage returns, too", () =>
    expect(typescript.names(code.replaceAll("\n", "\r\n"))).toBe("a:call d:call"));

  it("is not what only looks a little like it", () =>
    expect(typescript.names("a(`\n=======\n`, b);\n")).toBe("a:call b:use"));
});

describe("offsets", () => {
  const code = 'const 名 = "😀漢字"; // 😀\r\n\tключ(名, `🎉${é}`);\r\n';

  it("count UTF-16 code units, in texts with surrogates, tabs and carriage returns", () => {
    const { names, comments, calls } = typescript.reading(code);
    for (const { start, end, text } of names) expect(code.slice(start, end)).toBe(text);
    expect(names.map(({ text }) => text)).toEqual(["名", "ключ", "名", "é"]);
    expect(comments.map(({ start, end }) => code.slice(start, end).trim())).toEqual(["// 😀"]);
    expect(calls.map(({ start, end }) => code.slice(start, end))).toEqual(["ключ(名, `🎉${é}`)"]);
  });

  it("stay right when a text is read again after an edit before them", () => {
    typescript.reading(code);
    const { names } = typescript.reading(`/* 😀😀 */\r\n${code}`);
    for (const { start, end, text } of names) {
      expect(`/* 😀😀 */\r\n${code}`.slice(start, end)).toBe(text);
    }
  });
});
