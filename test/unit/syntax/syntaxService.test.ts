import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { createSyntaxService, LONGEST_TEXT } from "../../../server/syntax/syntaxService.ts";
import { loadedSyntax, wasmDirectory } from "../../support/syntax.ts";

const syntax = await loadedSyntax("typescript", "python", "ruby");
afterAll(() => syntax.dispose());

/** Splits at the cursor mark. */
function at(code: string): { readonly text: string; readonly offset: number } {
  const offset = code.indexOf("|");
  return { text: code.slice(0, offset) + code.slice(offset + 1), offset };
}

describe("loading grammars", () => {
  it("answers undefined until the grammar is there, and then a number", async () => {
    const fresh = createSyntaxService({ wasmDirectory, now: () => 0 });
    expect(fresh.supports("go")).toBe(true);
    expect(fresh.errorCount("go", "package a\n")).toBeUndefined();
    expect(await fresh.load("go")).toBe(true);
    expect(fresh.errorCount("go", "package a\n")).toBe(0);
    fresh.dispose();
  });

  it("a language without a grammar is not supported", async () => {
    expect(syntax.supports("klingon")).toBe(false);
    expect(syntax.supports("constructor")).toBe(false);
    expect(await syntax.load("klingon")).toBe(false);
    expect(syntax.errorCount("klingon", "a")).toBeUndefined();
  });

  it("a folder without grammars is reported once and never throws", async () => {
    const failures: string[] = [];
    const broken = createSyntaxService({
      wasmDirectory: "/nowhere",
      onError: (grammar) => failures.push(grammar),
    });
    expect(await broken.load("css")).toBe(false);
    expect(await broken.load("css")).toBe(false);
    expect(broken.placeAt("css", "a {}", 1)).toBeUndefined();
    expect(failures).toEqual(["css"]);
  });
});

describe("counting errors", () => {
  it("counts error and missing nodes", () => {
    expect(syntax.errorCount("typescript", "const a = 1;\n")).toBe(0);
    expect(syntax.errorCount("typescript", "const a = ;\nfoo(;\n")).toBeGreaterThan(0);
  });

  it("does not parse a text that is too long", () => {
    expect(syntax.errorCount("typescript", " ".repeat(LONGEST_TEXT + 1))).toBeUndefined();
  });

  it("counts the same from an earlier tree as from nothing", async () => {
    const code = readFileSync(
      new URL("../../../server/syntax/blockEnd.ts", import.meta.url),
      "utf8",
    ).slice(0, 2500);
    for (let offset = 300; offset < code.length; offset += 173) {
      const text = `${code.slice(0, offset)} foo(bar${code.slice(offset + 5)}`;
      const fresh = createSyntaxService({ wasmDirectory, now: () => 0 });
      await fresh.load("typescript");
      expect(syntax.errorCount("typescript", text)).toBe(fresh.errorCount("typescript", text));
      fresh.dispose();
    }
  });
});

describe("the end of the enclosing block", () => {
  function end(languageId: string, code: string): string | undefined {
    const { text, offset } = at(code);
    const found = syntax.blockEnd(languageId, text, offset);
    return found === undefined ? undefined : text.slice(offset, found);
  }

  it("is after its closing bracket", () =>
    expect(end("typescript", "function f() {|\n  a({ b });\n}\nc();\n")).toBe("\n  a({ b });\n}"));

  it("is unknown while the block is open", () =>
    expect(end("typescript", "function f() {|\n  a({ b });\n")).toBeUndefined());

  it("does not mind brackets in strings, templates and comments", () =>
    expect(end("typescript", "{|\n '}'; `}${a}`; // }\n}")).toBe("\n '}'; `}${a}`; // }\n}"));

  it("is the last line before the dedent in Python", () =>
    expect(end("python", "def f():\n    |a = [\n1]\n    return a\n\nb = 1\n")).toBe(
      "a = [\n1]\n    return a",
    ));

  it("is after the end that belongs to it in Ruby", () =>
    expect(end("ruby", "def f\n  |x if y\n  z do\n  end\nend\nq\n")).toBe(
      "x if y\n  z do\n  end\nend",
    ));
});

describe("the place of an offset", () => {
  const place = (languageId: string, code: string) => {
    const { text, offset } = at(code);
    return syntax.placeAt(languageId, text, offset);
  };

  it("tells code, comments and strings apart", () => {
    expect(place("typescript", "const a| = 1;")).toBe("code");
    expect(place("typescript", "const a = 1; // one|")).toBe("comment");
    expect(place("typescript", "/* a| */ b();")).toBe("comment");
    expect(place("typescript", "/* a */| b();")).toBe("code");
    expect(place("typescript", 'log("a|b");')).toBe("string");
    expect(place("typescript", 'log("ab"|);')).toBe("code");
    expect(place("typescript", "log(`a ${b|} c`);")).toBe("code");
    expect(place("python", "a = 1  # one|")).toBe("comment");
    expect(place("python", "a = 'b|'\n")).toBe("string");
  });
});
