import { afterAll, describe, expect, it } from "vitest";
import { readingNotation } from "../../../support/reading.ts";

const read = await readingNotation("python");
afterAll(() => {
  read.dispose();
});

function names(title: string, code: string, expected: string): void {
  it(title, () => {
    expect(read.names(code)).toBe(expected);
  });
}

describe("roles of names", () => {
  names(
    "tell calls, keyword arguments and members",
    "a(b.c, d=e)\n",
    "a:call b:use c:property d:key e:use",
  );
  names(
    "declare at the first assignment, then write",
    "a = 1\na = b\na += 1\nc, (d, *e) = f\n[g.h, i] = j\n",
    "a:declaration a:write b:use a:write c:declaration d:declaration e:declaration f:use " +
      "g:use h:property i:declaration j:use",
  );
  names(
    "of parameters, defaults and annotations",
    "def f(self, a: T, *b: U, c: list[V] = d, **e) -> W | X: pass\nlambda g, h=i: g\n",
    "f:declaration self:parameter a:parameter T:type b:parameter U:type c:parameter list:type V:type " +
      "d:use e:parameter W:type X:type g:parameter h:parameter i:use g:use",
  );
  names(
    "of imports",
    "import a.b, c as d\nfrom .e import f, g as h\n",
    "a:declaration b:property c:key d:declaration e:key f:declaration g:key h:declaration",
  );
  names(
    "of loops, contexts, errors and walruses",
    "for a, b in c: pass\nwith d() as e: pass\ntry: pass\nexcept F as g: pass\nif (h := i): pass\n",
    "a:declaration b:declaration c:use d:call e:declaration F:use g:declaration h:declaration i:use",
  );
  names(
    "of global statements are others",
    "def f():\n  global a\n  a = b\n",
    "f:declaration a:other a:write b:use",
  );
  names(
    "of decorators are uses",
    "@a\n@b.c(d)\nclass E(F, g=H): pass\n",
    "a:use b:use c:property d:use E:declaration F:use g:key H:use",
  );
  names(
    "of comprehensions",
    "[a * b for a, c in d if c]\n{e: f for e in g}\n",
    "a:use b:use a:declaration c:declaration d:use c:use e:use f:use e:declaration g:use",
  );
  names("in f-strings are code", 'f"a {b + 1:>{c}} {d.e}"\n', "b:use c:use d:use e:property");
  names(
    "of match patterns",
    "match a:\n  case B(c=d) if e: pass\n  case [f, *g]: pass\n",
    "a:use B:use c:key d:declaration e:use f:declaration g:declaration",
  );
});

it("lists units with their decorators", () =>
  expect(
    read.units(`
# Not a part of it.
@a
async def b():
    def c(): pass
class D(E):
    f = 1
    @property
    def g(self): return 1
`),
  ).toEqual([
    "async function b: @a async def b(): def c(): pass",
    "  function c: def c(): pass",
    "class D: class D(E): f = 1 @p … : return 1",
    "  method g: @property def g(self): return 1",
  ]));

it("lists declarations of the file and of classes", () =>
  expect(
    read.declarations(`
A = 1
class B(C):
    d: int = 2
    def e(self, f): return f
if A:
    g = 1
`),
  ).toEqual([
    "A: A = 1",
    "B: class B(C):\n    d: int = 2\n    def e(self, f): return f",
    "d: d: int = 2",
    "e: def e(self, f): return f",
  ]));

it("lists operators, with two words as one", () =>
  expect(
    read.operators("not a is not b and c not in d\ne < f <= g\nh //= -1\ni ** 2 or ~j\nk: A | B\n"),
  ).toEqual([
    "[not not] a is not b",
    "a [is not comparison] b",
    "not a is not b [and logical] c not in d",
    "c [not in comparison] d",
    "e [< comparison] f",
    "f [<= comparison] g",
    "h [//= assignment] -1",
    "[- arithmetic] 1",
    "i [** arithmetic] 2",
    "i ** 2 [or logical] ~j",
    "[~ bitwise] j",
  ]));

it("lists literals", () =>
  expect(read.literals('f(1, 2.5, True, None, "a", f"b {3}")\n')).toBe(
    '1:number 2.5:number True:boolean None:null "a":string 3:number',
  ));

it("lists calls with keyword and spread arguments", () =>
  expect(read.calls("a.b(c, *d, e=1, **f)\ng = await h()\nawait i(j for j in k)\n")).toEqual([
    "a.b(c, *d, e=1, **f);",
    "await h()",
    "await i((j for j in k));",
  ]));

it("lists members", () =>
  expect(read.members("a.b.c(self.d)\n")).toEqual(["a.b . c()", "a . b", "self . d"]));

it("lists conditions", () =>
  expect(
    read.conditions("if (a): b\nelif c: d\nwhile e: f\ng if h else i\n[j for j in k if l]\n"),
  ).toEqual(["if: a", "if: c", "while: e", "ternary: h", "guard: l"]));

it("lists statements that are only an expression, and which is the last of its branch", () =>
  expect(
    read.statements(`
def f():
    """doc"""
    if a:
        b()
        c()
    else:
        await d()
    for e in g:
        h()
    i = 1
    j
`),
  ).toEqual(["b()", "c() (last)", "await d() (last)", "h()", "j (last)"]));
