import { afterAll, describe, expect, it } from "vitest";
import { readingNotation } from "../../../support/reading.ts";

const read = await readingNotation("typescriptreact");
afterAll(() => {
  read.dispose();
});

function names(title: string, code: string, expected: string): void {
  it(title, () => {
    expect(read.names(code)).toBe(expected);
  });
}

describe("roles of names", () => {
  names("tell a call from a use", "foo(a, new B(c));", "foo:call a:use B:call c:use");
  names(
    "after a dot are properties",
    "a.b.c(); this.#d;",
    "a:use b:property c:property #d:property",
  );
  names(
    "in an object literal are keys, and uses where they are shorthand",
    "f({ a: b, c, [d]: e });",
    "f:call a:key b:use c:use d:use e:use",
  );
  names(
    "in destructuring patterns are declared, save the keys and defaults",
    "const { a, b: c, d = e, ...f } = g, [h, , i = j] = k;",
    "a:declaration b:key c:declaration d:declaration e:use f:declaration g:use " +
      "h:declaration i:declaration j:use k:use",
  );
  names(
    "that are assigned to are written",
    "a = b; c += 1; d++; [e, f.g] = h;",
    "a:write b:use c:write d:write e:write f:use g:property h:use",
  );
  names(
    "of parameters, whatever their pattern",
    "function f(a: T, { b, c: d }, e = g, ...h) {} x => x; class A { constructor(private y: U) {} }",
    "f:declaration a:parameter T:type b:parameter c:key d:parameter e:parameter g:use h:parameter " +
      "x:parameter x:use A:declaration constructor:declaration y:parameter U:type",
  );
  names(
    "in type positions are types, their members keys",
    "let a: B<C.D> = e as typeof f; interface G { h(i: J): void } g<K>();",
    "a:declaration B:type C:type D:type e:use f:type G:declaration h:key i:type J:type g:call K:type",
  );
  names(
    "in imports and exports",
    'import a, { b, c as d, type E } from "x"; export { f, g as h }; export { i } from "y";',
    "a:declaration b:declaration c:key d:declaration E:declaration f:use g:use h:key i:key",
  );
  names(
    "of labels and JSX are others, what JSX embeds is code",
    "l: for (;;) break l; <A b={c} {...d}>{e} text</A>;",
    "l:other l:other A:other b:other c:use d:use e:use A:other",
  );
  names("in template strings are code", "`a ${b + c.d} e`;", "b:use c:use d:property");
  names(
    "of loops and catch clauses",
    "for (const [a, b] of c) {} for (d in e) {} try {} catch ({ f }) {}",
    "a:declaration b:declaration c:use d:write e:use f:declaration",
  );
  names("in strings and comments are not listed", "'a'; // b\n/* c */ /d/;", "");
  names(
    "are whole where they are not ASCII",
    "const 名 = ключ.é;",
    "名:declaration ключ:use é:property",
  );
});

describe("units", () => {
  it("are functions, members, classes, and functions that a name is given to", () =>
    expect(
      read.units(`
/** Not a part of it. */
@a() export class A {
  b = 1;
  @c() async d() { function e() {} }
  get f() { return 1; }
  g = async () => 2;
}
export const h = async (x) => x;
exports.i = function () {};
const j = { k: () => 1 };
export default function () {}
l(() => 1);
`),
    ).toEqual([
      "class A: @a() export class A  … () => 2; }",
      "  field b: b = 1",
      "  async method d: @c() async d() { function e() {} }",
      "    function e: function e() {}",
      "  method f: get f() { return 1; }",
      "  async field g: g = async () => 2",
      "async function h: export const h = async (x) => x;",
      "function i: exports.i = function () {};",
      "function k: k: () => 1",
      "function : export default function () {}",
    ]));

  it("know their bodies", () => {
    const code = "class A { a() { b; } c; d = () => e; }";
    const bodies = read.reading(code).units.map(({ body }) => code.slice(body.start, body.end));
    expect(bodies).toEqual(["{ a() { b; } c; d = () => e; }", "{ b; }", "", "e"]);
  });
});

describe("declarations", () => {
  it("are those of the file and of classes, with their headers", () =>
    expect(
      read.declarations(`
export interface A { a: string }
type B = number;
const c = 1;
for (let d = 0; ; ) {}
export async function e(f: A): Promise<B> {
  const g = ${"1 + ".repeat(50)} 1;
  return g;
}
enum H { I }
class J { k: B = 1; l(m: A): B { const n = m; return n; } }
declare function o(p: A): void;
`),
    ).toEqual([
      "A: export interface A { a: string }",
      "B: type B = number;",
      "c: const c = 1;",
      "e: export async function e(f: A): Promise<B>",
      "H: enum H { I }",
      "J: class J { k: B = 1; l(m: A): B { const n = m; return n; } }",
      "k: k: B = 1",
      "l: l(m: A): B { const n = m; return n; }",
      "o: declare function o(p: A): void;",
    ]));

  it("are not what is imported", () =>
    expect(
      read.texts('import a from "b";\nconst c = require("d");\nconst e = f("g");\n', "imports"),
    ).toEqual(['import a from "b";', 'const c = require("d");']));
});

describe("operators, literals and conditions", () => {
  it("lists operators with their operands", () =>
    expect(
      read.operators("a === b && !c; x = -d + e ?? f?.g; h += 1; i++; --j; k < (l | 1);"),
    ).toEqual([
      "a [=== comparison] b",
      "a === b [&& logical] !c",
      "[! not] c",
      "[- arithmetic] d",
      "-d [+ arithmetic] e",
      "-d + e [?? logical] f?.g",
      "h [+= assignment] 1",
      "i [++ update]",
      "[-- update] j",
      "k [< comparison] (l | 1)",
      "l [| bitwise] 1",
    ]));

  it("lists no operators of types and arrows", () =>
    expect(read.operators("let a: B | C; (d) => e; f!; typeof g;")).toEqual([]));

  it("lists literals, but not in types and imports, nor strings that hold code", () =>
    expect(
      read.literals(
        'import "a"; f(0, 1.5, true, null, undefined, "b", `c`, `d${1}`); let e: "f" | 2;',
      ),
    ).toBe(
      '0:number 1.5:number true:boolean null:null undefined:null "b":string `c`:string 1:number',
    ));

  it("lists conditions without brackets", () =>
    expect(
      read.conditions(
        "if (a) {} else if (b) {} while (c) {} do {} while (d); for (;e;) {} f ? g : h;",
      ),
    ).toEqual(["if: a", "if: b", "while: c", "while: d", "for: e", "ternary: f"]));
});

describe("calls and members", () => {
  it("lists calls with their arguments", () =>
    expect(
      read.calls("await a.b(c, ...d); e = f(g(), { h })?.(); new I.J(1); k`l`; await (m());"),
    ).toEqual([
      "await a.b(c, ...d);",
      "f(g(), { h })()",
      "f(g(), { h })",
      "g()",
      "I.J(1);",
      "k();",
      "await m();",
    ]));

  it("names a call by the last name of what is called", () =>
    expect(
      read.reading("a.b(); c(); d()(); e[f](); this.#g();").calls.map(({ name }) => name),
    ).toEqual(["b", "c", "", "d", "", "#g"]));

  it("lists members and whether they are called", () =>
    expect(read.members("a.b.c(d?.e); this.f = 1;")).toEqual([
      "a.b . c()",
      "a . b",
      "d . e",
      "this . f",
    ]));

  it("lists statements that are only an expression, and which is the last of its branch", () =>
    expect(
      read.statements(`
function f() {
  a();
  if (b) { c(); d(); } else e();
  for (;;) { g(); }
  switch (h) { case 1: i(); break; default: j(); }
  k = 1;
  (() => { l(); });
  m(); // the end
}
n();
`),
    ).toEqual([
      "a();",
      "c();",
      "d(); (last)",
      "e(); (last)",
      "g();",
      "i(); (last)",
      "j(); (last)",
      "(() => { l(); });",
      "l(); (last)",
      "m(); (last)",
      "n();",
    ]));
});
