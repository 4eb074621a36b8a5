import { afterAll, describe, expect, it } from "vitest";
import { readingNotation } from "../../../support/reading.ts";

interface Expected {
  readonly names: string;
  readonly units: readonly string[];
  readonly operators: readonly string[];
  readonly literals: string;
  readonly calls: readonly string[];
  readonly members: readonly string[];
  readonly conditions: readonly string[];
  readonly statements: readonly string[];
  readonly imports: readonly string[];
}

async function check(languageId: string, code: string, expected: Expected): Promise<void> {
  const read = await readingNotation(languageId);
  afterAll(() => {
    read.dispose();
  });
  describe(languageId, () => {
    it("has its names", () => expect(read.names(code)).toBe(expected.names));
    it("has its units", () => expect(read.units(code)).toEqual(expected.units));
    it("has its operators", () => expect(read.operators(code)).toEqual(expected.operators));
    it("has its literals", () => expect(read.literals(code)).toBe(expected.literals));
    it("has its calls", () => expect(read.calls(code)).toEqual(expected.calls));
    it("has its members", () => expect(read.members(code)).toEqual(expected.members));
    it("has its conditions", () => expect(read.conditions(code)).toEqual(expected.conditions));
    it("has its statements", () => expect(read.statements(code)).toEqual(expected.statements));
    it("has its imports", () => expect(read.texts(code, "imports")).toEqual(expected.imports));
    it("has no errors", () => expect(read.reading(code).errors).toEqual([]));
    it("has its comment", () => {
      const [comment = ""] = read.texts(code, "comments");
      expect(comment).toContain("note");
    });
  });
}

await check(
  "go",
  `
package a
import "fmt"
// note
func (t *T) b(c int, d ...string) error {
  if e, ok := t.f[c]; ok && !e { g(e, d...); return nil }
  for i := 0; i < 3; i++ { fmt.Print(i) }
  h, c := U{k: 1}, -2
  for _, l = range d { c += l }
  return h
}
`,
  {
    names:
      "a:other t:parameter T:type b:declaration c:parameter int:type d:parameter string:type error:type " +
      "e:declaration ok:declaration t:use f:property c:use ok:use e:use g:call e:use d:use " +
      "i:declaration i:use i:write fmt:use Print:property i:use " +
      "h:declaration c:write U:type k:key _:write l:write d:use c:write l:use h:use",
    units: ["method b: func (t *T) b(c int, … return h }"],
    operators: [
      "ok [&& logical] !e",
      "[! not] e",
      "i [< comparison] 3",
      "i [++ update]",
      "[- arithmetic] 2",
      "c [+= assignment] l",
    ],
    literals: "nil:null 0:number 3:number 1:number 2:number",
    calls: ["g(e, d...);", "fmt.Print(i);"],
    members: ["t . f", "fmt . Print()"],
    conditions: ["if: ok && !e", "for: i < 3"],
    statements: ["g(e, d...)", "fmt.Print(i)"],
    imports: ['import "fmt"'],
  },
);

await check(
  "rust",
  `
use a::{b, C as D};
// note
impl E<F> for G {
    async fn h(&mut self, mut i: u8, (j, _): (u8, u8)) -> u8 {
        let K { l, m: n } = self.o;
        if i >= 1 && !j { p::q(l)?; }
        match n { r if r != 'a' => s(r), _ => "b" }
        t.u(|v| v + i).await;
        w!(x, y.z);
        i += 2;
        i
    }
}
`,
  {
    names:
      "a:other b:declaration C:key D:declaration E:type F:type G:type h:declaration i:parameter " +
      "j:parameter K:type l:declaration m:key n:declaration o:property i:use j:use " +
      "p:other q:property l:use n:use r:declaration r:use s:call r:use t:use u:property " +
      "v:parameter v:use i:use w:other x:use y:use z:property i:write i:use",
    units: [
      "class G: impl E<F> for G { as … = 2; i } }",
      "  async method h: async fn h(&mut self …  += 2; i }",
    ],
    operators: [
      "i [>= comparison] 1",
      "i >= 1 [&& logical] !j",
      "[! not] j",
      "r [!= comparison] 'a'",
      "v [+ arithmetic] i",
      "i [+= assignment] 2",
    ],
    literals: `1:number 'a':string "b":string 2:number`,
    calls: ["p::q(l)", "s(r)", "await t.u(|v| v + i);"],
    members: ["self . o", "t . u()"],
    conditions: ["if: i >= 1 && !j", "guard: r != 'a'"],
    statements: ["p::q(l)?; (last)", "t.u(|v| v + i).await;", "w!(x, y.z);"],
    imports: ["use a::{b, C as D};"],
  },
);

await check(
  "java",
  `
import a.b.C;
// note
class D<T> extends E {
  private int f = 1;
  D(int g) { this.f = g; }
  @H int i(final int j, List<T> k) throws L {
    for (int m = 0; m < j; m++) { n(m); }
    for (T o : k) o.p(null);
    try { q = r -> !r; } catch (S s) { throw new U(s, "a"); }
    return j > 1 || k instanceof V ? f : W.x;
  }
}
`,
  {
    names:
      "a:other b:other C:declaration D:declaration T:type E:type f:declaration D:declaration g:parameter " +
      "f:property g:use H:type i:declaration j:parameter List:type T:type k:parameter L:type " +
      "m:declaration m:use j:use m:write n:call m:use T:type o:declaration k:use o:use p:property " +
      "q:write r:parameter r:use S:type s:declaration U:type s:use j:use k:use V:type f:use W:use x:property",
    units: [
      "class D: class D<T> extends E … : W.x; } }",
      "  field f: private int f = 1;",
      "  method D: D(int g) { this.f = g; }",
      "  method i: @H int i(final int j … f : W.x; }",
    ],
    operators: [
      "m [< comparison] j",
      "m [++ update]",
      "[! not] r",
      "j [> comparison] 1",
      "j > 1 [|| logical] k instanceof V",
      "k [instanceof comparison] V",
    ],
    literals: '1:number 0:number null:null "a":string 1:number',
    calls: ["n(m);", "o.p(null);", 'U(s, "a")'],
    members: ["this . f", "o . p()", "W . x"],
    conditions: ["for: m < j", "ternary: j > 1 || k instanceof V"],
    statements: ["n(m);", "o.p(null);"],
    imports: ["import a.b.C;"],
  },
);

await check(
  "cpp",
  `
#include <a>
// note
namespace b {
class C : public D {
  int e_ = 1;
  int f(const T& g, int* h = nullptr) { return g.i(h) - e_; }
};
}
int C::j(int k) {
  auto l = 2, *m = &k;
  for (auto& n : o) p->q = std::r(n);
  if (!k and l != 'a') { return s(true); } else t();
  return [&](int u) { return u << 1; };
}
`,
  {
    names:
      "b:other C:type D:type e_:declaration f:declaration T:type g:parameter h:parameter g:use i:property h:use e_:use " +
      "C:other j:declaration k:parameter l:declaration m:declaration k:use n:declaration o:use p:use q:property " +
      "std:other r:property n:use k:use l:use s:call t:call u:parameter u:use",
    units: [
      "class C: class C : public D { …  - e_; } }",
      "  method f: int f(const T& g, in … h) - e_; }",
      "method j: int C::j(int k) { au … << 1; }; }",
    ],
    operators: [
      "g.i(h) [- arithmetic] e_",
      "[! not] k",
      "!k [and logical] l != 'a'",
      "l [!= comparison] 'a'",
      "u [<< bitwise] 1",
    ],
    literals: "1:number nullptr:null 2:number 'a':string true:boolean 1:number",
    calls: ["g.i(h)", "std::r(n)", "s(true)", "t();"],
    members: ["g . i()", "p . q"],
    conditions: ["if: !k and l != 'a'"],
    statements: ["t(); (last)"],
    imports: ["#include <a>\n"],
  },
);

await check(
  "csharp",
  `
using A;
// note
class B<T> : C
{
    int d = 1;
    public int E => d + 2;
    public async Task<T> F(int g, ref List<T> h)
    {
        foreach (var i in h) { i.J(k: g, "a"); }
        var l = new M { N = 3 };
        if (!l.o && g <= 0) return null;
        p = q => $"b {q}";
        await this.r(l);
    }
}
`,
  {
    names:
      "A:other B:declaration T:type C:type d:declaration E:declaration d:use Task:type T:type F:declaration g:parameter " +
      "List:type T:type h:parameter i:declaration h:use i:use J:property k:key g:use l:declaration M:type N:key " +
      "l:use o:property g:use p:write q:parameter q:use r:property l:use",
    units: [
      "class B: class B<T> : C { int … .r(l); } }",
      "  field d: int d = 1;",
      "  field E: public int E => d + 2;",
      "  async method F: public async Task<T> … is.r(l); }",
    ],
    operators: [
      "d [+ arithmetic] 2",
      "[! not] l.o",
      "!l.o [&& logical] g <= 0",
      "g [<= comparison] 0",
    ],
    literals: '1:number 2:number "a":string 3:number 0:number null:null',
    calls: ['i.J(k: g, "a");', "M()", "await this.r(l);"],
    members: ["i . J()", "l . o", "this . r()"],
    conditions: ["if: !l.o && g <= 0"],
    statements: ['i.J(k: g, "a");', "await this.r(l); (last)"],
    imports: ["using A;"],
  },
);

await check(
  "php",
  `<?php
use A\\B;
// note
function c(int $d, ?E $e = null, ...$f) {
  foreach ($f as $g => $h) { $h->i($g, ...$f); }
  [$j, $k] = [$d, 1];
  if (!$j && $k !== 'a') { return l(m: $j); }
  $j .= "b $k";
  return $e instanceof N ? O::p() : $this->q;
}
class R extends S { private $t = 2; function u() { v(true); } }
`,
  {
    names:
      "A:type B:type c:declaration $d:parameter E:type $e:parameter $f:parameter $f:use $g:declaration $h:declaration " +
      "$h:use i:property $g:use $f:use $j:declaration $k:declaration $d:use $j:use $k:use l:call m:key $j:use " +
      "$j:write $k:use $e:use N:type O:type p:property $this:use q:property " +
      "R:declaration S:type $t:declaration u:declaration v:call",
    units: [
      "function c: function c(int $d, ? … this->q; }",
      "class R: class R extends S {  … true); } }",
      "  field $t: private $t = 2;",
      "  method u: function u() { v(true); }",
    ],
    operators: [
      "[! not] $j",
      "!$j [&& logical] $k !== 'a'",
      "$k [!== comparison] 'a'",
      '$j [.= assignment] "b $k"',
      "$e [instanceof comparison] N",
    ],
    literals: "null:null 1:number 'a':string 2:number true:boolean",
    calls: ["$h->i($g, ...$f);", "l(m: $j)", "O::p()", "v(true);"],
    members: ["$h . i()", "$this . q"],
    conditions: ["if: !$j && $k !== 'a'", "ternary: $e instanceof N"],
    statements: ["$h->i($g, ...$f);", "v(true); (last)"],
    imports: ["use A\\B;"],
  },
);

await check(
  "ruby",
  `require "a"
# note
class B < C
  def d(e, f = 1, *g, h: nil)
    i = e + 2
    g.each { |j, (k, l)| puts "m #{j}" }
    return n(i, o: true) if !e and f != 3
    p, *q = i
    i += 1 unless r
    s rescue t
  end
end
`,
  {
    names:
      "require:call B:declaration C:use d:declaration e:parameter f:parameter g:parameter h:parameter i:declaration e:use " +
      "g:use each:property j:parameter k:parameter l:parameter puts:call j:use n:call i:use o:key e:use f:use " +
      "p:declaration q:declaration i:use i:write r:use s:use t:use",
    units: [
      "class B: class B < C def d(e, …  t end end",
      "  method d: def d(e, f = 1, *g,  … scue t end",
    ],
    operators: [
      "e [+ arithmetic] 2",
      "[! not] e",
      "!e [and logical] f != 3",
      "f [!= comparison] 3",
      "i [+= assignment] 1",
    ],
    literals: '"a":string 1:number nil:null 2:number true:boolean 3:number 1:number',
    calls: ['require("a");', "g.each();", 'puts("m #{j}");', "n(i, o: true)"],
    members: ["g . each"],
    conditions: ["if: !e and f != 3", "if: r"],
    statements: [],
    imports: ['require "a"'],
  },
);
